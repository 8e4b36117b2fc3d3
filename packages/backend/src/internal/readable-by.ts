import {
  isWebHeaders,
  RequestView,
  webHeadersOf,
  type AnyRequest,
  type NodeRequest,
} from '../authenticate/request-view.js'
import type { ClerkClient } from '../client.js'

/**
 * A request in a form that a client can read: one that somebody else made, such as one of `@clerk/backend`, reads only a
 * web `Request`. People replace one package at a time.
 */
export function readableBy(client: ClerkClient, request: AnyRequest): AnyRequest {
  return 'withOptions' in client || isWebHeaders(request.headers) ? request : toAsked(request as NodeRequest)
}

/** The request without its body, which stays with the application. */
function toAsked(request: NodeRequest): Request {
  const headers = webHeadersOf(request)
  const { url } = new RequestView(request)
  try {
    return new Request(url, { method: request.method, headers })
  } catch {
    // `fetch` sends no TRACE. For authentication, all that matters is that it is no GET.
    return new Request(url, { method: 'POST', headers })
  }
}
