import { RequestView, webHeadersOf, type AnyRequest, type NodeRequest } from '../authenticate/request-view.js'
import { DEFAULT_PROXY_PATH, stripTrailingSlashes } from '../proxy/frontend-api-proxy.js'

/** Whether, and at which path, an application proxies the Frontend API. */
export interface FrontendApiProxy {
  /** Whether the proxy is on: for all URLs, or decided for each. */
  enabled: boolean | ((url: URL) => boolean)
  /** Default `/__clerk`. */
  path?: string
}

/** The URL of a request as the browser sees it. */
export function urlOf(request: AnyRequest): URL {
  return new RequestView(request).url
}

/** The path that proxies the Frontend API at this URL, without a trailing slash; null if the proxy is off. */
export function proxyPathOf(proxy: FrontendApiProxy | undefined, url: () => URL): string | null {
  if (!proxy) return null
  const enabled = typeof proxy.enabled === 'function' ? proxy.enabled(url()) : proxy.enabled
  return enabled ? stripTrailingSlashes(proxy.path ?? '') || DEFAULT_PROXY_PATH : null
}

/** Whether a request is for the Frontend API. */
export function isProxied(url: URL, proxyPath: string): boolean {
  return url.pathname === proxyPath || url.pathname.startsWith(`${proxyPath}/`)
}

/**
 * Converts a Node request for `clerkFrontendApiProxy`, with the body as a stream. The body must be unread.
 *
 * @throws {TypeError} for a method that `fetch` does not send, such as TRACE
 */
export function toWebRequest(request: NodeRequest & AsyncIterable<Uint8Array>): Request {
  const { method = 'GET' } = request
  const headers = webHeadersOf(request)
  const hasBody =
    method !== 'GET' && method !== 'HEAD' && (headers.has('content-length') || headers.has('transfer-encoding'))
  // Node accepts an async iterable as a body. It requires `duplex: 'half'`, because the answer may arrive before the
  // body ends.
  return new Request(urlOf(request), {
    method,
    headers,
    ...(hasBody ? { body: request as unknown as BodyInit, duplex: 'half' } : {}),
  })
}
