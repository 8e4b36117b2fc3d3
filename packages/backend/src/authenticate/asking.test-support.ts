/** Asks one SDK about a request, on any runtime. */
import type { AuthenticateRequestOptions } from './options.js'

/** A request as the table writes it: plain data. */
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

export function toRequest({
  url = 'https://app.example.com/page?x=1',
  method = 'GET',
  headers = {},
  cookies = {},
}: Visit): Request {
  const cookie = Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
  return new Request(url, { method, headers: { ...(cookie ? { cookie } : {}), ...headers } })
}

/** Everything of a state that an application can see, as plain data. */
export interface Outcome {
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
export function createApi(answers: Visit['api'], jwk: object) {
  const requests: { method: string; path: string; body: unknown; authorization: string | null }[] = []
  const table: NonNullable<Visit['api']> = { '/jwks': { body: { keys: [jwk] } }, ...answers }
  async function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init)
    const url = new URL(request.url)
    const path = url.pathname.replace(/^\/v1/, '') + url.search
    const text = await request.text()
    requests.push({
      method: request.method,
      path,
      body: text ? JSON.parse(text) : undefined,
      authorization: request.headers.get('authorization'),
    })
    const { status = 200, body } = table[path] ?? {
      status: 404,
      body: { errors: [{ code: 'resource_not_found', message: 'not found' }] },
    }
    return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
  }
  return { fetch, requests }
}

export interface Answered {
  outcome: Outcome
  requests: ReturnType<typeof createApi>['requests']
}

/** Asks with an `authenticateRequest`, whosever it is. */
export async function ask(
  authenticateRequest: (request: Request, options: never) => Promise<unknown>,
  visit: Visit,
): Promise<Outcome> {
  return describeState((await authenticateRequest(toRequest(visit), visit.options as never)) as State)
}
