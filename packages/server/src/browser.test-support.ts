import type { TestServer } from './server.test-support.js'

export interface Answer {
  status: number
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any
  headers: Headers
}

export interface BrowserRequest {
  /** As a form, as browsers' clients send it: null is sent as an empty text, objects as JSON. */
  form?: Record<string, unknown>
  query?: Record<string, string>
  headers?: Record<string, string>
  /** Of the Frontend API; below the address of the server unless given. */
  base?: string
}

/** A browser of a test, in development: it has a token, and is at a page on this machine. */
export interface TestBrowser {
  origin: string
  /** `__clerk_db_jwt`. */
  token: string
  /** @param route `POST /client/sign_ins`; other verbs than GET are sent as POST with `_method` */
  call(route: string, request?: BrowserRequest): Promise<Answer>
}

const ORIGIN = 'http://localhost:3000'
const VERSION = '2025-11-10'

/** What browsers need of a server. */
export type ReachedServer = Pick<TestServer, 'fetch' | 'instance'>

/** Opens a browser that has never been at the instance. */
export async function openBrowser(server: ReachedServer, origin = ORIGIN): Promise<TestBrowser> {
  const { body } = await callFrontend(server, 'POST /dev_browser', { headers: { origin } })
  const token = body.id as string
  return {
    origin,
    token,
    call: (route, { form, query, headers } = {}) =>
      callFrontend(server, route, {
        ...(form ? { form } : {}),
        query: { __clerk_db_jwt: token, ...query },
        headers: { origin, ...headers },
      }),
  }
}

/** The cookies, by name, with which a browser comes back from a handshake, and the lines that set them. */
export async function shakeHands(server: TestServer, { token }: TestBrowser, page = `${ORIGIN}/`) {
  const query = { redirect_url: page, format: 'nonce', __clerk_db_jwt: token }
  const { headers } = await callFrontend(server, 'GET /client/handshake', { query })
  const nonce = new URL(headers.get('location')!).searchParams.get('__clerk_handshake_nonce')!
  const { body } = await server.call('GET', `/clients/handshake_payload?nonce=${nonce}`)
  const directives = body.directives as string[]
  return { directives, cookies: cookiesOf(directives) }
}

/** The cookies, by name, that `Set-Cookie` lines set. */
export function cookiesOf(lines: string[]): Map<string, string> {
  return new Map(lines.map((line) => line.split(';', 1)[0]!.split('=') as [string, string]))
}

/** A browser that keeps its cookies, as it is known by them in production. */
export function openProductionBrowser(server: ReachedServer, origin?: string) {
  const jar: Record<string, string> = {}
  return {
    jar,
    async call(route: string, { headers, ...request }: BrowserRequest = {}): Promise<Answer> {
      const cookie = Object.entries(jar).map(([name, value]) => `${name}=${value}`)
      const answer = await callFrontend(server, route, {
        ...request,
        headers: {
          ...(origin === undefined ? {} : { origin }),
          ...(cookie.length > 0 ? { cookie: cookie.join('; ') } : {}),
          ...headers,
        },
      })
      for (const [name, value] of cookiesOf(answer.headers.getSetCookie())) {
        if (value === '') delete jar[name]
        else jar[name] = value
      }
      return answer
    },
  }
}

/** What stands below the URL of an application's proxy: the server, as the application's middleware passes requests on. */
export function throughProxy(server: ReachedServer, proxyUrl: string): ReachedServer {
  const fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
    const { url, method, headers, body } = new Request(input, init)
    if (!url.startsWith(`${proxyUrl}/`)) throw new TypeError(`${url} is not below the proxy ${proxyUrl}`)
    const passedOn = new Headers(headers)
    passedOn.set('clerk-proxy-url', proxyUrl)
    passedOn.set('clerk-secret-key', server.instance.secretKey)
    passedOn.set('x-forwarded-for', '198.51.100.7')
    const text = body && (await new Response(body).text())
    return server.fetch(`http://127.0.0.1:4400${url.slice(proxyUrl.length)}`, {
      method,
      headers: passedOn,
      ...(text === null ? {} : { body: text }),
    })
  }
  return { fetch, instance: server.instance }
}

/** Calls the Frontend API of the test's instance, as a browser's client does. */
export async function callFrontend(
  server: ReachedServer,
  route: string,
  { form, query = {}, headers = {}, base = `http://127.0.0.1:4400/i/${server.instance.id}` }: BrowserRequest = {},
): Promise<Answer> {
  const [verb = '', path = ''] = route.split(' ')
  const url = new URL(`${base}${path.startsWith('/.') ? '' : '/v1'}${path}`)
  url.searchParams.set('__clerk_api_version', VERSION)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  if (verb !== 'GET' && verb !== 'POST') url.searchParams.set('_method', verb)
  const method = verb === 'GET' ? 'GET' : 'POST'
  const body = form && toForm(form)
  const response = await server.fetch(url, { method, headers, ...(body ? { body } : {}) })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text), headers: response.headers }
}

function toForm(values: Record<string, unknown>): URLSearchParams {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      form.append(name, one === null ? '' : typeof one === 'object' ? JSON.stringify(one) : String(one))
    }
  }
  return form
}
