import {
  createFakeApi,
  createTestInstance,
  type Fixture,
  type RecordedRequest,
  type TestInstance,
} from '@latchkey/backend/testing'
import { vi } from 'vitest'

// The official packages would tell about their telemetry while they are tested.
process.env['CLERK_TELEMETRY_DISABLED'] = '1'

export const production = await createTestInstance({ type: 'production' })
export const development = await createTestInstance()
const stranger = await createTestInstance({ type: 'production' })

/** Longer than any test run. */
const LASTING = { lifetime: 3600 }

export const tokens = {
  session: await production.signSessionToken(
    { o: { id: 'org_1', rol: 'admin', slg: 'acme', per: 'read', fpm: '1' }, fea: 'o:invoices' },
    LASTING,
  ),
  ofGrace: await production.signSessionToken({ sub: 'user_grace', sid: 'sess_grace' }, LASTING),
  pending: await production.signSessionToken({ sts: 'pending' }, LASTING),
  expired: await production.signSessionToken({}, { lifetime: -60 }),
  stranger: await stranger.signSessionToken({}, LASTING),
  template: await production.signTemplateToken({}, LASTING),
  machine: await production.signMachineToken({}, LASTING),
  oauth: await production.signOAuthToken({}, LASTING),
  development: await development.signSessionToken({}, LASTING),
}

/** A request, and what stands around it. */
export interface Visit {
  name: string
  path?: string
  method?: string
  headers?: Record<string, string>
  cookies?: Record<string, string>
  body?: string
  instance?: TestInstance
  options?: Record<string, unknown>
  api?: Fixture[]
}

const document = { 'sec-fetch-dest': 'document', accept: 'text/html' }
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const uat = { __client_uat: '1' }

const apiKey = {
  object: 'api_key',
  id: 'ak_1',
  type: 'api_key',
  name: 'Key',
  subject: 'user_test',
  scopes: ['read'],
  claims: { a: 1 },
  revoked: false,
  revocation_reason: null,
  expired: false,
  expiration: null,
  created_by: null,
  description: null,
  last_used_at: null,
  created_at: 1,
  updated_at: 1,
}
const m2mToken = {
  object: 'machine_to_machine_token',
  id: 'mt_1',
  subject: 'mch_1',
  scopes: ['mch_2'],
  claims: { a: 1 },
  revoked: false,
  revocation_reason: null,
  expired: false,
  expiration: null,
  created_at: 1,
  updated_at: 1,
}
const oauthToken = {
  object: 'clerk_idp_oauth_access_token',
  id: 'oat_1',
  client_id: 'app_1',
  type: 'oauth_token',
  subject: 'user_test',
  scopes: ['email'],
  revoked: false,
  revocation_reason: null,
  expired: false,
  expiration: null,
  created_at: 1,
  updated_at: 1,
}
const sessionCookies = [`__session=${tokens.session}; Path=/`, '__client_uat=1; Path=/']

/** Requests that the official adapters and ours must answer alike. */
export const visits: Visit[] = [
  { name: 'nothing' },
  { name: 'a session token in the header', headers: bearer(tokens.session) },
  { name: 'a session token in the header, alone', headers: { authorization: tokens.session } },
  { name: 'a session token in cookies', cookies: { ...uat, __session: tokens.session } },
  { name: 'a session in cookies, in a browser', headers: document, cookies: { ...uat, __session: tokens.session } },
  {
    name: 'a header and a cookie that disagree',
    headers: bearer(tokens.ofGrace),
    cookies: { ...uat, __session: tokens.session },
  },
  {
    name: 'a broken header and a good cookie',
    headers: bearer('garbage'),
    cookies: { ...uat, __session: tokens.session },
  },
  { name: 'a pending session', headers: bearer(tokens.pending) },
  { name: 'an expired token', headers: bearer(tokens.expired) },
  { name: 'an expired token in cookies', cookies: { ...uat, __session: tokens.expired } },
  {
    name: 'an expired token in cookies, in a browser',
    headers: document,
    cookies: { ...uat, __session: tokens.expired },
  },
  { name: 'the token of another instance', headers: bearer(tokens.stranger) },
  { name: 'garbage', headers: bearer('a.b.c') },
  { name: 'a handshake', headers: document, cookies: uat, path: '/page?x=1&y=%20' },
  {
    name: 'a handshake behind a proxy',
    headers: { ...document, 'x-forwarded-host': 'shop.example.com', 'x-forwarded-proto': 'https' },
    cookies: uat,
  },
  { name: 'a handshake that a script cannot follow', cookies: uat },
  { name: 'a handshake of a post', method: 'POST', headers: document, cookies: uat },
  {
    name: 'the return from a handshake',
    headers: document,
    cookies: { __clerk_handshake_nonce: 'nonce' },
    api: [{ path: '/clients/handshake_payload', body: { directives: sessionCookies } }],
  },
  { name: 'a new browser of a development instance', instance: development, headers: document },
  {
    name: 'a development browser',
    instance: development,
    headers: document,
    cookies: { ...uat, __clerk_db_jwt: 'dvb_1', __session: tokens.development },
  },
  {
    name: 'a satellite',
    headers: document,
    options: { isSatellite: true, domain: 'satellite.example.com', satelliteAutoSync: true },
  },
  {
    name: 'a proxied Frontend API',
    headers: document,
    cookies: uat,
    options: { proxyUrl: 'https://app.example.com/clerk' },
  },
  {
    name: 'the Frontend API below a path',
    headers: document,
    cookies: uat,
    options: { frontendApiProxy: { enabled: true } },
  },
  {
    name: 'the Frontend API below a path elsewhere',
    headers: document,
    cookies: uat,
    options: { frontendApiProxy: { enabled: (url: URL) => url.pathname === '/x', path: '/api/clerk/' } },
  },
  {
    name: 'authorized parties',
    headers: bearer(tokens.session),
    options: { authorizedParties: ['https://other.example.com'] },
  },
  {
    name: 'an API key',
    headers: bearer('ak_secret'),
    api: [{ method: 'POST', path: '/api_keys/verify', body: apiKey }],
  },
  {
    name: 'an API key that is none',
    headers: bearer('ak_none'),
    api: [
      {
        method: 'POST',
        path: '/api_keys/verify',
        status: 404,
        body: { errors: [{ code: 'resource_not_found', message: 'not found' }] },
      },
    ],
  },
  {
    name: 'a machine token',
    headers: bearer('mt_secret'),
    api: [{ method: 'POST', path: '/m2m_tokens/verify', body: m2mToken }],
  },
  {
    name: 'an OAuth access token',
    headers: bearer('oat_secret'),
    api: [{ method: 'POST', path: '/oauth_applications/access_tokens/verify', body: oauthToken }],
  },
  { name: 'a signed machine token', headers: bearer(tokens.machine) },
  { name: 'a signed OAuth access token', headers: bearer(tokens.oauth) },
  { name: 'the token of a template', headers: bearer(tokens.template) },
]

/** The kinds of token that `getAuth()` is asked for. */
const ACCEPTED = [
  undefined,
  'any',
  'session_token',
  'api_key',
  'm2m_token',
  'oauth_token',
  ['session_token', 'api_key'],
  ['m2m_token', 'oauth_token'],
]

interface Auth {
  getToken: () => Promise<string | null>
  has: (params: object) => boolean
}

/** Everything an application can learn of who makes a request, as JSON. */
export async function describeAuth(getAuth: (options?: object) => unknown): Promise<object[]> {
  return Promise.all(
    ACCEPTED.map(async (acceptsToken) => {
      const { debug: _debug, ...auth } = getAuth(acceptsToken ? { acceptsToken } : undefined) as Auth & {
        debug: unknown
      }
      const rights = [
        { role: 'org:admin' },
        { permission: 'org:invoices:read' },
        { permission: 'org:invoices:write' },
      ].map((right) => auth.has(right))
      return { ...auth, token: await auth.getToken(), rights }
    }),
  )
}

export interface Reply {
  status: number
  headers: [name: string, value: string][]
  body: string
}

/** What of an answer is decided by the adapters: not the wording of messages. */
export function describeReply({ status, headers, body }: Reply): object {
  const ofTransport = ['date', 'content-length', 'connection', 'keep-alive', 'x-clerk-auth-message']
  return {
    status,
    headers: headers.filter(([name]) => !ofTransport.includes(name)).toSorted(),
    body: body.startsWith('[') ? (JSON.parse(body) as unknown) : body,
  }
}

/** The options that both adapters are given. */
export function optionsOf({ instance = production, options = {} }: Visit): Record<string, unknown> {
  const { publishableKey, secretKey, jwtKey } = instance
  return { publishableKey, secretKey, jwtKey, ...options }
}

/** Answers `fetch` of this process while `work` is done, and tells what was asked of the Backend API. */
export async function withApi<Result>(
  fixtures: Fixture[] | undefined,
  work: () => Promise<Result>,
): Promise<{ result: Result; requests: object[] }> {
  const api = createFakeApi(fixtures ?? [])
  vi.stubGlobal('fetch', api.fetch)
  for (const method of ['log', 'warn', 'error'] as const) vi.spyOn(console, method).mockImplementation(() => undefined)
  try {
    const result = await work()
    return { result, requests: api.requests.map(describeRequest) }
  } finally {
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  }
}

function describeRequest({ method, path, query, body, headers }: RecordedRequest): object {
  return { method, path, query, body, authorization: headers['authorization'] }
}

export function toHeaders({ headers = {}, cookies = {} }: Visit): Record<string, string> {
  const cookie = Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
  return { host: 'app.example.com', ...headers, ...(cookie ? { cookie } : {}) }
}
