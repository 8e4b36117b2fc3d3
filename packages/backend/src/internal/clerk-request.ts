import { readCookies, RequestView } from '../authenticate/request-view.js'

/** A URL that can be compared by origin. */
export class ClerkUrl extends URL {
  isCrossOrigin(other: URL | string): boolean {
    return this.origin !== new URL(other).origin
  }
}

/** A request with its URL as the browser sees it, and its cookies. The body stays with the original request. */
export class ClerkRequest extends Request {
  readonly clerkUrl: ClerkUrl
  readonly cookies: Map<string, string | undefined>

  constructor(input: Request | URL | string, init?: RequestInit) {
    const { method, headers, redirect, credentials, mode, cache, referrer, referrerPolicy, integrity, keepalive } = (
      input instanceof Request ? input : {}
    ) as Request
    const copied =
      input instanceof Request
        ? {
            method,
            headers,
            redirect,
            credentials,
            cache,
            referrer,
            referrerPolicy,
            integrity,
            keepalive,
            ...(mode === 'navigate' ? {} : { mode }),
          }
        : undefined
    super(input instanceof Request ? input.url : input, init ?? copied)
    this.clerkUrl = new ClerkUrl(new RequestView(this).url)
    this.cookies = readCookies(this.headers.get('cookie') ?? '', '')
  }

  toJSON() {
    return {
      url: this.clerkUrl.href,
      method: this.method,
      headers: JSON.stringify(Object.fromEntries(this.headers)),
      clerkUrl: this.clerkUrl.toString(),
      cookies: JSON.stringify(Object.fromEntries(this.cookies)),
    }
  }
}

/** Returns the request itself if it is already a `ClerkRequest`. */
export function createClerkRequest(input: Request | URL | string, init?: RequestInit): ClerkRequest {
  const isClerkRequest = typeof input === 'object' && 'clerkUrl' in input && 'cookies' in input
  return isClerkRequest ? (input as ClerkRequest) : new ClerkRequest(input, init)
}
