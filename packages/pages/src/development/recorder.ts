import type { ObservedExchange } from '@latchkey/types'
import { explainHandshake } from './handshake-reasons.js'
import { shorten, shortenUrl } from './shorten.js'

/** So many requests are kept. */
const LIMIT = 200
/** What pages ask of themselves would drown the rest. */
const SILENT = /^(\/i\/[^/]+)?\/(npm|inbox|explain|images|livez|readyz|metrics)(\/|$)/

/** A request as `/explain` shows it. Contains no secret. */
export interface Explanation {
  sequence: number
  /** Unix milliseconds. */
  at: number
  milliseconds: number
  method: string
  /** Without the query. */
  path: string
  status: number
  operation: string | null
  origin: string | null
  /** What came and what went, name and shortened value. */
  cookies: Named[]
  query: Named[]
  headers: Named[]
  setCookies: Named[]
  location: string | null
  errors: string[]
  /** Which rule decided, in words. */
  decisions: string[]
}

type Named = [name: string, value: string]

/**
 * What is kept of a request until somebody looks: not yet in words, since few are looked at, and copied, since a request
 * that is kept keeps its connection's memory too.
 */
interface Kept extends Omit<ObservedExchange, 'request' | 'response'> {
  sequence: number
  at: number
  method: string
  url: string
  origin: string | null
  cookie: string | null
  /** The values of `SHOWN_HEADERS`. */
  shown: (string | null)[]
  status: number
  /** Undefined of an answer to a program, which sets no cookies and leads nowhere. */
  answered: Headers | undefined
}

/** Keeps the last requests that reached the server. */
export class Recorder {
  #count = 0
  readonly #kept: Kept[] = []

  // Each field by name: to spread the rest of an object costs ten times as much as all else here.
  observe({ request, response, operationId, errorCodes, decisions, milliseconds }: ObservedExchange): void {
    const { method, url, headers } = request
    if (SILENT.test(pathOf(url))) return
    const isProgram = isOfProgram(headers)
    this.#kept.push({
      operationId,
      errorCodes,
      decisions,
      milliseconds,
      sequence: ++this.#count,
      at: Date.now(),
      method,
      url,
      origin: isProgram ? null : headers.get('origin'),
      cookie: isProgram ? null : headers.get('cookie'),
      shown: SHOWN_HEADERS.map((name) => (isProgram && !OF_PROGRAMS.has(name) ? null : headers.get(name))),
      status: response.status,
      answered: isProgram ? undefined : response.headers,
    })
    if (this.#kept.length > LIMIT) this.#kept.shift()
  }

  /** Oldest first. */
  after(sequence: number): Explanation[] {
    return this.#kept.filter((kept) => kept.sequence > sequence).map(explain)
  }
}

function isOfProgram(headers: Headers): boolean {
  return !headers.has('cookie') && headers.get('authorization')?.startsWith('Bearer sk_') === true
}

function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('//') + 2)
  const query = url.indexOf('?', start)
  return url.slice(start, query < 0 ? undefined : query)
}

function explain(kept: Kept): Explanation {
  const { sequence, at, milliseconds, method, origin, cookie, shown, status, answered } = kept
  const { operationId, errorCodes, decisions } = kept
  const url = new URL(kept.url)
  const query = [...url.searchParams].filter(([name]) => name.startsWith('_') || INTERESTING.has(name))
  const location = answered?.get('location') ?? null
  return {
    sequence,
    at,
    milliseconds,
    method,
    path: url.pathname,
    status,
    operation: operationId ?? null,
    origin,
    cookies: cookiesOf(cookie),
    query: query.map(([name, value]) => [name, shorten(name, value)]),
    headers: headersOf(shown),
    setCookies: (answered?.getSetCookie() ?? []).map(setCookieOf),
    location: location === null ? null : shortenUrl(location, url),
    errors: [...errorCodes],
    decisions: [...decisions, ...handshakeOf(url)],
  }
}

const INTERESTING = new Set([
  'redirect_url',
  'suffixed_cookies',
  'format',
  'organization_id',
  'token',
  'ticket',
  'rotating_token_nonce',
  'nonce',
])

function cookiesOf(header: string | null): Named[] {
  return (header ?? '')
    .split(';')
    .map((cookie) => cookie.trim())
    .filter(Boolean)
    .map(cookieOf)
}

/** What has no name is a value, as for browsers. */
function cookieOf(pair: string): Named {
  const end = pair.indexOf('=')
  const name = pair.slice(0, Math.max(end, 0))
  return [name, shorten(name, pair.slice(end + 1))]
}

const SHOWN_HEADERS = [
  'authorization',
  'clerk-proxy-url',
  'clerk-secret-key',
  'referer',
  'sec-fetch-dest',
  'sec-fetch-site',
  'user-agent',
  'x-forwarded-for',
  'x-forwarded-host',
]
/** The rest is what browsers and their proxies send. */
const OF_PROGRAMS = new Set(['authorization', 'user-agent', 'x-forwarded-for'])
const SECRET_HEADERS = new Set(['authorization', 'clerk-secret-key'])
const URL_HEADERS = new Set(['clerk-proxy-url', 'referer'])

function headersOf(shown: Kept['shown']): Named[] {
  return SHOWN_HEADERS.flatMap((name, index): Named[] => {
    const value = shown[index]
    if (value === null || value === undefined) return []
    if (URL_HEADERS.has(name)) return [[name, shortenUrl(value)]]
    return [[name, SECRET_HEADERS.has(name) ? shorten(name, value.replace(/^Bearer /i, '')) : value.slice(0, 200)]]
  })
}

function setCookieOf(header: string): Named {
  const [pair = '', ...attributes] = header.split(';').map((part) => part.trim())
  const [name, value] = cookieOf(pair)
  return [name, [value, ...attributes].join('; ')]
}

function handshakeOf(url: URL): string[] {
  const reason = url.searchParams.get('__clerk_hs_reason')
  return reason === null ? [] : [explainHandshake(reason)]
}
