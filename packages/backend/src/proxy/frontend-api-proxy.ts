import { readEnvironment } from '../internal/environment.js'
import { fapiUrlFromPublishableKey, readFapiUrl } from './frontend-api.js'
import { forwarded, toDownstreamHeaders, toUpstreamHeaders } from './headers.js'

export const DEFAULT_PROXY_PATH = '/__clerk'

export interface FrontendApiProxyOptions {
  /** Path of the proxy in the application. Default `/__clerk`. */
  proxyPath?: string
  /** Default is the environment's `CLERK_PUBLISHABLE_KEY`. */
  publishableKey?: string
  /** Default is the environment's `CLERK_SECRET_KEY`. */
  secretKey?: string
  /**
   * URL of the Frontend API itself. Default is the environment's `CLERK_FAPI_URL`, or derived from the publishable key.
   */
  fapiUrl?: string
  /** Default is `globalThis.fetch` at the time of the request. */
  fetch?: typeof globalThis.fetch
}

export type ProxyErrorCode = 'proxy_configuration_error' | 'proxy_path_mismatch' | 'proxy_request_failed'

export interface ProxyError {
  code: ProxyErrorCode
  message: string
}

/** Whether a request is for {@link clerkFrontendApiProxy}. */
export function matchProxyPath(request: Request, options?: Pick<FrontendApiProxyOptions, 'proxyPath'>): boolean {
  return restOfPath(new URL(request.url).pathname, options?.proxyPath) !== null
}

/**
 * Forwards a request to the Frontend API and returns its answer, so that browsers need only the application's host. It
 * never throws: a failure is an answer too.
 */
export async function clerkFrontendApiProxy(
  request: Request,
  options: FrontendApiProxyOptions = {},
): Promise<Response> {
  const publishableKey = options.publishableKey || readEnvironment('CLERK_PUBLISHABLE_KEY')
  const secretKey = options.secretKey || readEnvironment('CLERK_SECRET_KEY')
  if (!publishableKey)
    return refuse(500, 'proxy_configuration_error', 'Missing publishableKey. Pass it, or set CLERK_PUBLISHABLE_KEY.')
  if (!secretKey)
    return refuse(500, 'proxy_configuration_error', 'Missing secretKey. Pass it, or set CLERK_SECRET_KEY.')
  const url = new URL(request.url)
  const rest = restOfPath(url.pathname, options.proxyPath)
  if (rest === null)
    return refuse(400, 'proxy_path_mismatch', `The path ${JSON.stringify(url.pathname)} is not below the proxy path.`)
  let base: URL
  try {
    base = readFapiUrl(
      options.fapiUrl || readEnvironment('CLERK_FAPI_URL') || fapiUrlFromPublishableKey(publishableKey),
    )
  } catch (error) {
    return refuse(500, 'proxy_configuration_error', (error as Error).message)
  }
  const target = targetOf(base, rest, url.search)
  if (!target) return refuse(400, 'proxy_request_failed', 'The path is outside the Frontend API.')
  const publicUrl = `${publicOriginOf(request, url)}${stripTrailingSlashes(options.proxyPath || DEFAULT_PROXY_PATH)}`
  return passOn(request, {
    target,
    base,
    publicUrl,
    headers: toUpstreamHeaders(request, publicUrl, secretKey),
    fetch: options.fetch,
  })
}

/**
 * Sets the path instead of resolving it: resolving `//evil.example` would change the host. A path that leaves the
 * base's path is refused.
 */
function targetOf(base: URL, path: string, query: string): URL | null {
  const start = stripTrailingSlashes(base.pathname)
  const target = new URL(base)
  target.pathname = start + path
  target.search = query
  return target.host === base.host && target.pathname.startsWith(`${start}/`) ? target : null
}

interface Passage {
  target: URL
  base: URL
  publicUrl: string
  headers: Headers
  fetch?: typeof globalThis.fetch
}

async function passOn(
  request: Request,
  { target, base, publicUrl, headers, fetch = globalThis.fetch }: Passage,
): Promise<Response> {
  const { method, body } = request
  try {
    // Node requires `duplex: 'half'` for a stream, because the answer may arrive before the body ends.
    const init: RequestInit & { duplex?: 'half' } = {
      method,
      headers,
      redirect: 'manual',
      ...(body ? { body, duplex: 'half' } : {}),
    }
    const response = await fetch(target.href, init)
    const answerHeaders = toDownstreamHeaders(response)
    const location = ownLocation(response.headers.get('location'), base, publicUrl)
    if (location) answerHeaders.set('location', location)
    return new Response(response.body, {
      status: response.status,
      statusText: response.statusText,
      headers: answerHeaders,
    })
  } catch (error) {
    return refuse(
      502,
      'proxy_request_failed',
      `The Frontend API could not be reached: ${error instanceof Error ? error.message : 'unknown error'}.`,
    )
  }
}

/** Rewrites a redirect within the Frontend API, so that it goes through the proxy again. */
function ownLocation(location: string | null, base: URL, publicUrl: string): string | null {
  if (!location || !URL.canParse(location, base.href)) return null
  const url = new URL(location, base)
  return url.host === base.host ? `${publicUrl}${url.pathname}${url.search}${url.hash}` : null
}

function publicOriginOf(request: Request, url: URL): string {
  const { host, protocol } = forwarded(request.headers)
  return protocol && host ? `${protocol}://${host}` : url.origin
}

function restOfPath(pathname: string, proxyPath: string | undefined): string | null {
  const start = stripTrailingSlashes(proxyPath || DEFAULT_PROXY_PATH)
  if (pathname === start) return '/'
  return pathname.startsWith(`${start}/`) ? pathname.slice(start.length) : null
}

export function stripTrailingSlashes(text: string): string {
  let end = text.length
  while (text[end - 1] === '/') end--
  return text.slice(0, end)
}

function refuse(status: number, code: ProxyErrorCode, message: string): Response {
  const error: ProxyError = { code, message }
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
  return new Response(JSON.stringify({ errors: [error] }), { status, headers })
}
