import { isHost } from '../core/host.js'

/** Headers that apply to one connection, not to the message (RFC 9110, section 7.6.1). */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/** Dropped from requests: `fetch` sets its own `host`, and our server has already answered "Expect: 100-continue". */
const OF_REQUEST = ['host', 'expect']

/** Dropped from answers: `fetch` has decoded the body, so these no longer match it. */
const ABOUT_ENCODING = ['content-encoding', 'content-length']

/** The headers of the request to the Frontend API: the browser's, and those that identify the proxy. */
export function toUpstreamHeaders(request: Request, publicUrl: string, secretKey: string): Headers {
  const { host, protocol } = new URL(request.url)
  const headers = endToEnd(request.headers, OF_REQUEST)
  headers.set('Clerk-Proxy-Url', publicUrl)
  headers.set('Clerk-Secret-Key', secretKey)
  headers.set('Accept-Encoding', 'identity')
  if (!forwarded(request.headers).host) headers.set('X-Forwarded-Host', host)
  if (!forwarded(request.headers).protocol) headers.set('X-Forwarded-Proto', protocol.slice(0, -1))
  const address = clientAddress(request.headers)
  if (address) headers.set('X-Forwarded-For', address)
  else headers.delete('X-Forwarded-For')
  return headers
}

/**
 * What the proxies in front of us say about the browser's request; undefined unless every value of the list is a host
 * with an optional port, or a protocol. Anybody may send these headers, and the Frontend API builds links from them.
 */
export function forwarded(headers: Headers): { host: string | undefined; protocol: string | undefined } {
  const firstOf = (name: string, isValid: (value: string) => boolean) => {
    const values = (headers.get(name) ?? '').split(',').map((value) => value.trim())
    return values.every(isValid) ? values[0] : undefined
  }
  return { host: firstOf('x-forwarded-host', isHost), protocol: firstOf('x-forwarded-proto', isHttp) }
}

/** The headers of our answer. */
export function toDownstreamHeaders(response: Response): Headers {
  return endToEnd(response.headers, ABOUT_ENCODING)
}

function endToEnd(source: Headers, besides: string[]): Headers {
  const named =
    source
      .get('connection')
      ?.split(',')
      .map((name) => name.trim().toLowerCase()) ?? []
  const dropped = [...HOP_BY_HOP, ...besides, ...named]
  const headers = new Headers()
  for (const [name, value] of source) if (!dropped.includes(name)) headers.append(name, value)
  return headers
}

function isHttp(protocol: string): boolean {
  return /^https?$/i.test(protocol)
}

/** An IP address of either version, also with a port behind it. */
const ADDRESS = /^(?=.*[.:])[0-9a-f.:[\]]{2,54}$/i

/** The Frontend API counts rate limits by it, and writes it into its audit trail: a text that is no address stays here. */
function clientAddress(headers: Headers): string | undefined {
  const candidates = [
    headers.get('cf-connecting-ip'),
    headers.get('x-real-ip'),
    headers.get('x-forwarded-for')?.split(',')[0],
  ]
  return candidates.map((text) => text?.trim() ?? '').find((text) => ADDRESS.test(text))
}
