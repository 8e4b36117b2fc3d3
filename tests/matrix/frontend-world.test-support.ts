import { createClerkClient } from '@latchkey/backend'
import {
  openBrowser,
  openProductionBrowser,
  type BrowserRequest,
  type TestBrowser,
} from '../../packages/server/src/browser.test-support.js'
import { PIXEL } from '../../packages/server/src/transfer/seed/everything.test-support.js'
import { Authenticator } from '../../packages/server/src/resources/passkeys/authenticator.test-support.js'
import { configure } from '../../packages/server/src/flows/sign-in/sign-in.test-support.js'
import { addPasskey } from '../../packages/server/src/flows/profile-security/passkeys.test-support.js'
import type { Endpoint } from '../../packages/server/src/http/endpoint.js'
import { fromText } from '../../packages/server/src/http/fields.js'
import { PASSWORD, goodForms, goodQuery } from './good-forms.test-support.js'
import { API_URL, dialects, type TestServer } from '../../packages/server/src/server.test-support.js'

/** In development a browser is known by a token in the query, in production by a cookie. */
export type Environment = 'development' | 'production'

/** Both, on each database. */
export const suites = dialects.flatMap((dialect) =>
  (['development', 'production'] as const).map((environment) => [environment, dialect] as const),
)

let homes = 0

/** The server with a new instance, in which every operation has something to do. */
export async function newHome(server: TestServer, environment: Environment = 'development'): Promise<TestServer> {
  const production = { environmentType: 'production' as const, frontendHost: `clerk.home${++homes}.example` }
  const instance = await server.newInstance(environment === 'production' ? production : {})
  const client = createClerkClient({ secretKey: instance.secretKey, apiUrl: API_URL, fetch: server.fetch })
  const home = { ...server, instance, client }
  await configure(home, settings)
  return home
}

/** A browser, as an instance knows it: by `__clerk_db_jwt`, in production by the cookie `__client`. */
export interface KnownBrowser extends TestBrowser {
  /** What it was known by before, the first one first. */
  earlier: string[]
}

export async function openKnownBrowser(server: Pick<TestServer, 'fetch' | 'instance'>): Promise<KnownBrowser> {
  if (server.instance.environmentType === 'development') return { ...(await openBrowser(server)), earlier: [] }
  const origin = originOf(server.instance)
  const browser = openProductionBrowser(server, origin)
  const earlier: string[] = []
  const known: KnownBrowser = {
    origin,
    earlier,
    get token() {
      return browser.jar['__client'] ?? ''
    },
    async call(...request) {
      const before = known.token
      const answer = await browser.call(...request)
      if (before !== '' && before !== known.token) earlier.push(before)
      return answer
    },
  }
  await known.call('POST /client')
  return known
}

/** Where the pages of an instance are. */
export function originOf({ environmentType, frontendHost }: TestServer['instance']): string {
  return environmentType === 'development' ? 'http://localhost:3000' : `https://${frontendHost.replace('clerk.', '')}`
}

/** A person with everything that a path of the Frontend API can name. */
export interface Person {
  userId: string
  emailAddress: string
  /** Of {@link emailAddress}. */
  emailId: string
  /** Of their addresses. */
  domain: string
  /** The domain of their organization. */
  company: string
  /** Somebody whom their organization can still take in. */
  strangerId: string
  nextPhoneNumber: string
  /** Where they are signed in. */
  signedIn: KnownBrowser
  sessionId: string
  /** Where they have begun to sign in, and to sign up. */
  beginning: KnownBrowser
  organizationId: string
  /** The path of an endpoint with what is theirs in place of its parameters. */
  pathOf(endpoint: { path: string }): string
  /** The browser that an operation is for. */
  browserOf(endpoint: { path: string }): KnownBrowser
}

const isAttempt = (path: string) => /\/client\/sign_(in|up)s\b/.test(path)

let people = 0

/** Settings with which every operation has something to do. */
export const settings = {
  attributes: { phone_number: { enabled: true }, username: { enabled: true }, passkey: { enabled: true } },
  organizations: {
    enabled: true,
    domainsEnabled: true,
    domainsEnrollmentModes: ['automatic_invitation' as const, 'automatic_suggestion' as const],
  },
  // In production they would be on, and these tests call far more often.
  rateLimits: { people: false },
}

/**
 * Two people: somebody with an organization, and who wants to join it. What the contract says of the answers is others'
 * to test: looking at it costs more than the answers.
 */
export async function newPerson(test: TestServer): Promise<Person> {
  const server = {
    ...test,
    fetch: (...request: Parameters<typeof fetch>) => test.server.fetch(new Request(...request)),
  }
  const number = people++
  const own = { domain: `a${number}-tools.com`, company: `b${number}-works.com` }
  const ada = { emailAddress: `ada@${own.domain}`, phoneNumber: phoneOf(number), username: `ada_${number}` }
  const { client } = server

  const user = await client.users.createUser({
    emailAddress: [ada.emailAddress, `second@${own.domain}`],
    phoneNumber: [ada.phoneNumber],
    username: ada.username,
    password: PASSWORD,
  })
  const signedIn = await openKnownBrowser(server)
  const session = (await post(signedIn, '/client/sign_ins', { identifier: ada.emailAddress, password: PASSWORD }))
    .response.created_session_id as string
  const { id: passkey } = await addPasskey(signedIn, new Authenticator(signedIn.origin))
  const organizationId = (await post(signedIn, '/organizations', { name: `Acme ${number}` })).response.id as string

  const stranger = await client.users.createUser({ emailAddress: [`eve@${own.company}`], password: PASSWORD })
  const elsewhere = await client.organizations.createOrganization({ name: `Other ${number}`, createdBy: stranger.id })
  const enrolment = { enrollmentMode: 'automatic_suggestion' as const }
  await client.organizations.createOrganizationDomain({ organizationId: elsewhere.id, name: own.domain, ...enrolment })
  const domain = await client.organizations.createOrganizationDomain({
    organizationId,
    name: own.company,
    ...enrolment,
  })
  const suggestion = (await get(signedIn, '/me/organization_suggestions')).response.data[0].id as string

  const strangers = await openKnownBrowser(server)
  await post(strangers, '/client/sign_ins', { identifier: `eve@${own.company}`, password: PASSWORD })
  const asked = (await get(strangers, '/me/organization_suggestions')).response.data[0].id as string
  await post(strangers, `/me/organization_suggestions/${asked}/accept`, {})
  const request = (await get(signedIn, `/organizations/${organizationId}/membership_requests`)).response.data[0].id

  const invited = await client.organizations.createOrganizationInvitation({
    organizationId,
    emailAddress: `invited@${own.company}`,
    role: 'org:member',
  })
  const invitedTo = await client.organizations.createOrganizationInvitation({
    organizationId: elsewhere.id,
    emailAddress: ada.emailAddress,
    role: 'org:member',
  })
  const member = await client.users.createUser({ username: `member_${number}` })
  await client.organizations.createOrganizationMembership({ organizationId, userId: member.id, role: 'org:member' })

  const newcomer = await client.users.createUser({ username: `newcomer_${number}` })

  const beginning = await openKnownBrowser(server)
  const signIn = (await post(beginning, '/client/sign_ins', { identifier: ada.emailAddress })).response.id as string
  const signUp = (await post(beginning, '/client/sign_ups', { email_address: `new@${own.domain}` })).response
    .id as string

  const parameters: Readonly<Record<string, string>> = {
    'me/organization_invitations/:invitation_id': invitedTo.id,
    ':domain_id': domain.id,
    ':email_id': user.emailAddresses[1]!.id,
    ':invitation_id': invited.id,
    ':organization_id': organizationId,
    ':passkey_id': passkey,
    ':phone_number_id': user.phoneNumbers[0]!.id,
    ':request_id': request as string,
    ':session_id': session,
    ':sign_in_id': signIn,
    ':sign_up_id': signUp,
    ':suggestion_id': suggestion,
    ':template_name': 'hasura',
    ':user_id': member.id,
  }
  return {
    userId: user.id,
    emailAddress: ada.emailAddress,
    emailId: user.emailAddresses[0]!.id,
    ...own,
    strangerId: newcomer.id,
    nextPhoneNumber: phoneOf(number, 4),
    signedIn,
    sessionId: session,
    beginning,
    organizationId,
    pathOf: ({ path }) => fillIn(path, parameters),
    browserOf: ({ path }) => (isAttempt(path) ? beginning : signedIn),
  }
}

function fillIn(path: string, parameters: Readonly<Record<string, string>>): string {
  return path.replaceAll(/:\w+/g, (name, index: number) => {
    const before = path.slice(1, index)
    const value = parameters[`${before}${name}`] ?? parameters[name]
    if (value === undefined) throw new Error(`No row is known for ${before}${name}: make one in newPerson`)
    return value
  })
}

/** A number of a telephone that no other person has. */
function phoneOf(number: number, area = 5): string {
  return `+141${area}555${String(2000 + number).padStart(4, '0')}`
}

async function post(browser: TestBrowser, path: string, form: BrowserRequest['form']) {
  const { status, body } = await browser.call(`POST ${path}`, { form: form! })
  if (status >= 400) throw new Error(`POST ${path}: ${JSON.stringify(body)}`)
  return body
}

async function get(browser: TestBrowser, path: string) {
  return (await browser.call(`GET ${path}`)).body
}

/** A form as the values that its texts stand for, by the fields of the operation's body. */
export function typed(
  form: Record<string, string>,
  { bodyFields }: Pick<Endpoint, 'bodyFields'>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(form).map(([name, text]) => {
      const kind = bodyFields.get(name)?.kind ?? 'string'
      return [name, kind === 'array' ? [text] : fromText(text, kind)]
    }),
  )
}

export type FrontendEndpoint = Pick<Endpoint, 'operationId' | 'method' | 'path' | 'file'>

export interface Sent {
  status: number
  /** Of the first error; null of a good answer. */
  code: string | null
  /** The parameters that errors are about. */
  params: string[]
  /** Where it leads; null if it does not. */
  location: string | null
  /** What anybody can read in it: the body, where it leads, its cookies, and what tokens in these say. */
  text: string
}

export interface FrontendRequest {
  /** `__clerk_db_jwt`, or the cookie `__client`; undefined sends none. */
  token: string | undefined
  /** Where the Frontend API is. Default is below the server's own URL. */
  base?: string
  /** Of the page. Default is one of the instance's. */
  origin?: string
  path: string
  form: Record<string, string | string[]>
  query?: Record<string, string | string[]>
  /** Instead of the form; without a type nothing says what it is. */
  body?: { type: string | null; content: BodyInit }
}

/** A request of a browser's client, without looking at what the contract says of its answer. */
export async function sendAs(
  { server, instance }: TestServer,
  { operationId, method, file }: FrontendEndpoint,
  {
    token,
    path,
    form,
    query = {},
    body: given,
    origin = originOf(instance),
    base = belowServer(instance),
  }: FrontendRequest,
): Promise<Sent> {
  const prefix = path.startsWith('/.') ? '' : '/v1'
  const url = new URL(`${base}${prefix}${path}`)
  url.searchParams.set('__clerk_api_version', '2025-11-10')
  const isInQuery = token !== undefined && instance.environmentType === 'development'
  if (isInQuery) url.searchParams.set('__clerk_db_jwt', token)
  if (method !== 'GET' && method !== 'POST') url.searchParams.set('_method', method)
  append(url.searchParams, { ...goodQuery(operationId, originOf(instance)), ...query })
  const isGet = method === 'GET'
  const body = given?.content ?? (file ? PIXEL : append(new URLSearchParams(), form))
  const type = given ? given.type : file ? 'application/octet-stream' : null
  const response = await server.fetch(
    new Request(url, {
      method: isGet ? 'GET' : 'POST',
      headers: {
        origin,
        ...(token !== undefined && !isInQuery ? { cookie: `__client=${token}` } : {}),
        ...(type === null ? {} : { 'content-type': type }),
      },
      ...(isGet ? {} : { body: body as BodyInit }),
    }),
  )
  const text = await response.text()
  const location = response.headers.get('location')
  const isPage = response.headers.get('content-type')?.startsWith('text/html')
  const errors = response.status < 400 || isPage ? [] : errorsOf(text)
  return {
    status: response.status,
    code: errors[0]?.code ?? null,
    params: errors.flatMap(({ meta }) => meta?.param_name ?? []),
    location,
    text: unfolded([text, location ?? '', ...response.headers.getSetCookie()].join('\n')),
  }
}

function belowServer({ id }: TestServer['instance']): string {
  return `http://127.0.0.1:4400/i/${id}`
}

/** What an operation is asked for when all is well. */
export function goodForm({ operationId }: FrontendEndpoint, person: Person): Record<string, string> {
  return goodForms[operationId]?.(person) ?? {}
}

/** A text, and what the tokens in it say, which may have tokens in them. */
function unfolded(text: string): string {
  const payloads = [...text.matchAll(/eyJ[\w-]*\.(eyJ[\w-]*)\.[\w-]*/g)].map(([, payload]) =>
    unfolded(Buffer.from(payload!, 'base64url').toString()),
  )
  return [text, ...payloads].join('\n')
}

function errorsOf(text: string): { code: string; meta?: { param_name?: string } }[] {
  return (JSON.parse(text) as { errors: { code: string }[] }).errors
}

function append(params: URLSearchParams, values: Record<string, string | string[]>): URLSearchParams {
  for (const [name, value] of Object.entries(values)) for (const one of [value].flat()) params.append(name, one)
  return params
}
