import { generateKeyPairSync } from 'node:crypto'
import { createClerkClient as createOfficialClient } from '@clerk/backend'
import { signJwt, type Jwk, type SignJwtOptions } from '@latchkey/crypto'
import { expect, vi } from 'vitest'
import { createAuthenticateRequest } from './authenticate-request.js'
import type { AuthenticateRequestOptions } from './options.js'

export const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const jwtKey = keys.publicKey.export({ type: 'spki', format: 'pem' }) as string
export const jwk = { ...keys.publicKey.export({ format: 'jwk' }), kid: 'ins_1', alg: 'RS256', use: 'sig' }

export const NOW = 1_800_000_000
export const DEVELOPMENT_HOST = 'happy-mole-1.clerk.accounts.dev'
export const PRODUCTION_HOST = 'clerk.example.com'
export const developmentKey = `pk_test_${btoa(`${DEVELOPMENT_HOST}$`)}`
export const productionKey = `pk_live_${btoa(`${PRODUCTION_HOST}$`)}`

const claims = {
  azp: 'https://app.example.com',
  exp: NOW + 60,
  fva: [1, -1],
  iat: NOW,
  iss: `https://${PRODUCTION_HOST}`,
  jti: '8f3b',
  nbf: NOW - 10,
  sid: 'sess_1',
  sts: 'active',
  sub: 'user_1',
  v: 2,
}

/** Signs a session token, with changes. */
export function mint(changes: object = {}, options: Partial<SignJwtOptions> = {}, key = keys.privateKey): Promise<string> {
  // As a JWK, which both platforms take.
  return signJwt({ ...claims, ...changes }, key.export({ format: 'jwk' }) as Jwk, { algorithm: 'RS256', keyId: 'ins_1', category: 'cl_B7d4PD111AAA', ...options })
}

/** A request as the table writes it. */
export interface Visit {
  url?: string
  method?: string
  headers?: Record<string, string>
  cookies?: Record<string, string>
  /** Unix seconds. */
  now?: number
  options?: AuthenticateRequestOptions
  /** What the API answers, by path without version. */
  api?: Record<string, { status?: number; body: unknown }>
}

export const document = { 'sec-fetch-dest': 'document' }

export function toRequest({ url = 'https://app.example.com/page?x=1', method = 'GET', headers = {}, cookies = {} }: Visit): Request {
  const cookie = Object.entries(cookies).map(([name, value]) => `${name}=${value}`).join('; ')
  return new Request(url, { method, headers: { ...(cookie ? { cookie } : {}), ...headers } })
}

/** Everything of a state that an application can see, as plain data. */
interface Outcome {
  [name: string]: unknown
}

interface State {
  headers: Headers
  toAuth: () => Record<string, unknown> | null
  [name: string]: unknown
}

async function describeState(state: State): Promise<Outcome> {
  const { headers, toAuth, message, ...fields } = state
  const auth = toAuth()
  const { debug: _debug, has, getToken, ...facts } = auth ?? {}
  return {
    ...fields,
    hasMessage: Boolean(message),
    headers: Object.fromEntries([...headers].filter(([name]) => name !== 'x-clerk-auth-message')),
    cookies: headers.getSetCookie(),
    auth: auth && JSON.parse(JSON.stringify(facts)),
    token: await (getToken as (() => Promise<unknown>) | undefined)?.(),
    isAdmin: (has as ((params: object) => boolean) | undefined)?.({ role: 'org:admin' }),
  }
}

/** A `fetch` that answers from a table, writing down what it was asked. */
export function createApi(answers: Visit['api'] = {}) {
  const requests: { method: string; path: string; body: unknown; authorization: string | null }[] = []
  const table: NonNullable<Visit['api']> = { '/jwks': { body: { keys: [jwk] } }, ...answers }
  async function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init)
    const url = new URL(request.url)
    const path = url.pathname.replace(/^\/v1/, '') + url.search
    const text = await request.text()
    requests.push({ method: request.method, path, body: text ? JSON.parse(text) : undefined, authorization: request.headers.get('authorization') })
    const { status = 200, body } = table[path] ?? { status: 404, body: { errors: [{ code: 'resource_not_found', message: 'not found' }] } }
    return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
  }
  return { fetch, requests }
}

export interface Answered {
  outcome: Outcome
  requests: ReturnType<typeof createApi>['requests']
}

const shared = { publishableKey: productionKey, secretKey: 'sk_test_x', jwtKey }

export async function askOurs(visit: Visit): Promise<Answered> {
  const api = createApi(visit.api)
  const { authenticateRequest } = createAuthenticateRequest({ options: { ...shared, maxRetries: 0, fetch: api.fetch } })
  const state = (await authenticateRequest(toRequest(visit), visit.options)) as unknown as State
  return { outcome: await describeState(state), requests: api.requests }
}

export async function askOfficial(visit: Visit): Promise<Answered> {
  const api = createApi(visit.api)
  vi.stubGlobal('fetch', api.fetch)
  for (const method of ['log', 'warn', 'error'] as const) vi.spyOn(console, method).mockImplementation(() => undefined)
  try {
    const client = createOfficialClient({ ...shared, telemetry: { disabled: true } })
    const state = (await client.authenticateRequest(toRequest(visit), visit.options as never)) as unknown as State
    return { outcome: await describeState(state), requests: api.requests }
  } finally {
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  }
}

/** Asks both SDKs and compares everything but the wording. */
export async function compare(visit: Visit): Promise<Outcome> {
  vi.useFakeTimers({ now: (visit.now ?? NOW) * 1000, toFake: ['Date'] })
  try {
    const official = await askOfficial(visit)
    const ours = await askOurs(visit)
    expect(ours).toEqual(official)
    return ours.outcome
  } finally {
    vi.useRealTimers()
  }
}
