import { isHost } from '../core/host.js'

/**
 * The parts of a Node request that are read. The `IncomingMessage` of `node:http`, and the requests of Express and
 * Fastify, fit.
 */
export interface NodeRequest {
  method?: string
  url?: string
  /** Express: the URL before a router removed its mount path. */
  originalUrl?: string
  headers: Record<string, string | string[] | undefined>
  /** A TLS socket has the property `encrypted`. */
  socket?: object | null
}

export type AnyRequest = Request | NodeRequest

/** A view of either kind of request. Each part is read on demand. */
export class RequestView {
  readonly method: string
  readonly #request: AnyRequest
  #url?: URL
  #cookies?: Map<string, string>

  constructor(request: AnyRequest) {
    this.#request = request
    this.method = request.method ?? 'GET'
  }

  /** @param name In lower case. */
  header(name: string): string | undefined {
    const { headers } = this.#request
    if (isWebHeaders(headers)) return headers.get(name) || undefined
    const value = headers[name]
    return (Array.isArray(value) ? value.join(', ') : value) || undefined
  }

  /** Every header with its values, in the form the API expects when it renews a session. */
  headerLists(): Record<string, string[]> {
    const { headers } = this.#request
    const entries = isWebHeaders(headers) ? [...headers] : Object.entries(headers)
    return Object.fromEntries(
      entries.filter(([, value]) => value !== undefined).map(([name, value]) => [name, [value].flat() as string[]]),
    )
  }

  /**
   * A cookie of ours. Their names all start with two underscores. If several cookies have the same name, the first
   * counts.
   */
  cookie(name: string): string | undefined {
    this.#cookies ??= readCookies(this.header('cookie'))
    return this.#cookies.get(name) || undefined
  }

  /** The URL as the browser sees it, from the headers of the proxies in between. */
  get url(): URL {
    this.#url ??= this.#deriveUrl()
    return this.#url
  }

  #deriveUrl(): URL {
    const own = isWebHeaders(this.#request.headers)
      ? new URL((this.#request as Request).url)
      : urlOfNodeRequest(this.#request as NodeRequest)
    const host = [first(this.header('x-forwarded-host')), this.header('host')].find((text) => text && isHost(text))
    const protocol = first(this.header('x-forwarded-proto')) ?? own.protocol.slice(0, -1)
    if (!host || `${protocol}://${host}` === own.origin) return own
    const url = parseUrl(`${protocol}://${host}`)
    return url && /^https?:$/.test(url.protocol) ? withPath(url, own.pathname, own.search) : own
  }
}

/** The headers of a Node request, without those that HTTP/2 has in place of a first line. */
export function webHeadersOf({ headers }: NodeRequest): Headers {
  const result = new Headers()
  for (const [name, values] of Object.entries(headers))
    if (!name.startsWith(':')) for (const value of [values ?? []].flat()) result.append(name, value)
  return result
}

export function isWebHeaders(headers: Headers | NodeRequest['headers']): headers is Headers {
  return typeof headers.get === 'function'
}

function urlOfNodeRequest({ url = '/', originalUrl, socket, headers }: NodeRequest): URL {
  const target = originalUrl ?? url
  const host = [headers.host].flat()[0] ?? 'localhost'
  const protocol = (socket as { encrypted?: boolean } | null | undefined)?.encrypted ? 'https' : 'http'
  const base = (isHost(host) ? parseUrl(`${protocol}://${host}`) : null) ?? new URL('http://localhost')
  if (target.startsWith('/')) {
    const [path, ...query] = target.split('#')[0]!.split('?')
    return withPath(base, path!, query.join('?'))
  }
  // The target is absolute if the client takes us for a proxy. Then only its path and query count, never its host.
  const absolute = parseUrl(target)
  return absolute ? withPath(base, absolute.pathname, absolute.search) : base
}

/** Sets the path instead of resolving it: resolving `//evil.example` would change the host. */
function withPath(url: URL, path: string, query: string): URL {
  url.pathname = path
  url.search = query
  url.hash = ''
  return url
}

/** Null if the text is not an absolute URL. */
export function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}

function first(list: string | undefined): string | undefined {
  return list?.split(',')[0]
}

/** The cookies whose names start with the prefix. */
export function readCookies(header = '', prefix = '__'): Map<string, string> {
  const cookies = new Map<string, string>()
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    const name = pair.slice(0, equals).trim()
    if (equals >= 0 && name.startsWith(prefix) && !cookies.has(name))
      cookies.set(name, decode(pair.slice(equals + 1).trim()))
  }
  return cookies
}

function decode(value: string): string {
  if (!value.includes('%')) return value
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
