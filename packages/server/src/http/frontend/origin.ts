/**
 * The origin of the page that asks; undefined for programs and for opaque origins. A page behind an application's proxy is
 * at the proxy's own origin, and browsers send no `Origin` with its GETs. The proxy's secret key is checked elsewhere.
 */
export function originOf(request: Request): string | undefined {
  const origin = request.headers.get('origin')
  if (origin !== null) return origin === 'null' ? undefined : origin
  const proxyUrl = request.headers.get('clerk-proxy-url')
  return proxyUrl === null ? originOfReferrer(request) : originOfUrl(proxyUrl)
}

/**
 * Some proxies, such as that of Vite, say nothing of themselves. With a GET of a page at their origin browsers send no
 * `Origin`, but that the page is there, which no page can pretend, and its address.
 */
export function originOfReferrer({ headers }: Request): string | undefined {
  const isSame = headers.get('sec-fetch-site') === 'same-origin'
  return isSame ? originOfUrl(headers.get('referer') ?? '') : undefined
}

function originOfUrl(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined
}

const EXPOSED = 'Clerk-Db-Jwt, x-country, Retry-After, Authorization'
const ALLOWED_METHODS = 'GET, POST, PUT, PATCH, DELETE'
const ALLOWED_HEADERS =
  'Authorization, Content-Type, Clerk-API-Version, X-Clerk-Client-Id, X-Mobile, X-Native-Device-Id'
/** Seconds that a browser keeps the answer to a preflight. */
const PREFLIGHT_LIFETIME = '86400'

/**
 * The headers with which a page of another origin may read an answer. Every origin may: what a page must not do with an
 * instance is refused before, and that answer has no secret in it.
 */
export function corsHeaders(request: Request): Record<string, string> {
  const origin = request.headers.get('origin')
  if (origin === null) return { vary: 'Origin' }
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': EXPOSED,
    vary: 'Origin',
  }
}

/** The answer to a preflight request; undefined for any other request. */
export function preflight(request: Request): Response | undefined {
  if (!request.headers.has('access-control-request-method')) return undefined
  return new Response(null, {
    status: 204,
    headers: {
      ...corsHeaders(request),
      'access-control-allow-methods': ALLOWED_METHODS,
      'access-control-allow-headers': ALLOWED_HEADERS,
      'access-control-max-age': PREFLIGHT_LIFETIME,
    },
  })
}
