import { RequestView, type AnyRequest, type NodeRequest } from '../authenticate/request-view.js'
import { DEFAULT_PROXY_PATH, stripTrailingSlashes } from '../proxy/frontend-api-proxy.js'

/** Whether an application passes the Frontend API on to browsers, and where. */
export interface FrontendApiProxy {
  /** For all of its domains, or for some. */
  enabled: boolean | ((url: URL) => boolean)
  /** Default `/__clerk`. */
  path?: string
}

/** The URL of a request as the browser has it. */
export function urlOf(request: AnyRequest): URL {
  return new RequestView(request).url
}

/** The path below which the Frontend API is at this URL, without a slash at its end; null where it is nowhere. */
export function proxyPathOf(proxy: FrontendApiProxy | undefined, url: () => URL): string | null {
  if (!proxy) return null
  const enabled = typeof proxy.enabled === 'function' ? proxy.enabled(url()) : proxy.enabled
  return enabled ? stripTrailingSlashes(proxy.path ?? '') || DEFAULT_PROXY_PATH : null
}

/** Whether a request is one for the Frontend API. */
export function isProxied(url: URL, proxyPath: string): boolean {
  return url.pathname === proxyPath || url.pathname.startsWith(`${proxyPath}/`)
}

/**
 * A request of Node as `clerkFrontendApiProxy` takes it, its body a stream. Nobody may have read the body.
 *
 * @throws {TypeError} for a method that `fetch` does not send, such as TRACE
 */
export function toWebRequest(request: NodeRequest & AsyncIterable<Uint8Array>): Request {
  const { method = 'GET' } = request
  const headers = new Headers()
  for (const [name, values] of Object.entries(request.headers))
    for (const value of [values ?? []].flat()) headers.append(name, value)
  const hasBody =
    method !== 'GET' && method !== 'HEAD' && (headers.has('content-length') || headers.has('transfer-encoding'))
  // Node takes what can be iterated over for a body, and wants to be told that the answer may come before its end.
  return new Request(urlOf(request), {
    method,
    headers,
    ...(hasBody ? { body: request as unknown as BodyInit, duplex: 'half' } : {}),
  })
}
