import {
  createRedirect,
  parsePublishableKey,
  type RequestState,
  type SessionAuthObject,
  type TokenType,
} from '@latchkey/backend/internal'
import { NextResponse, type NextRequest } from 'next/server.js'
import { devBrowserTokenOf } from './auth.js'
import { contentSecurityPolicyHeaders, type ContentSecurityPolicyOptions } from './content-security-policy.js'
import { readControlFlow, type SignPage } from './control-flow.js'
import { HANDOVER_HEADERS } from './handover.js'
import { headersOf } from './request-like.js'

/** Turns a control-flow error of a handler into an answer; null for an ordinary error. */
export function answerControlFlow(
  error: unknown,
  request: NextRequest,
  state: RequestState<TokenType>,
  url: URL,
): Response | null {
  const flow = readControlFlow(error)
  switch (flow?.type) {
    case 'sign-page':
      return redirectTo(flow.page, flow.returnBackUrl, request, state, url)
    case 'redirect':
      return NextResponse.redirect(new URL(flow.url, url), flow.status)
    case 'status':
      return flow.status === 404 ? pageNotFound(request) : refuse(flow.status, error as Error, state)
    default:
      return null
  }
}

function redirectTo(
  page: SignPage,
  returnBackUrl: string | URL,
  request: NextRequest,
  state: RequestState<TokenType>,
  url: URL,
): Response {
  const { publishableKey, signInUrl, signUpUrl, isSatellite } = state
  const redirects = createRedirect({
    publishableKey,
    signInUrl,
    signUpUrl,
    isSatellite,
    baseUrl: url,
    sessionStatus: (state.toAuth() as SessionAuthObject | null)?.sessionStatus as 'active' | 'pending' | null,
    devBrowserToken: devBrowserTokenOf(url.href, headersOf(request)),
    redirectAdapter: (target) => NextResponse.redirect(target, { headers: { 'x-clerk-redirect-to': 'true' } }),
  })
  return redirects[page]({ returnBackUrl })
}

/** Rewrites to a path that does not exist, so that Next shows the application's own 404 page. */
function pageNotFound(request: NextRequest): Response {
  const nowhere = new URL(`/clerk_${Date.now()}`, request.nextUrl.origin)
  return NextResponse.rewrite(nowhere, { headers: { 'x-clerk-auth-reason': 'protect-rewrite' } })
}

function refuse(status: number, error: Error, state: RequestState<TokenType>): Response {
  if (status === 400)
    return new NextResponse(error.message, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } })
  const response = new NextResponse(null, { status })
  if (status === 401 && state.tokenType === 'oauth_token') {
    response.headers.set(
      'WWW-Authenticate',
      `Bearer resource_metadata="https://${parsePublishableKey(state.publishableKey)?.frontendApi}/.well-known/oauth-protected-resource"`,
    )
  }
  return response
}

export interface Finish {
  /** Headers from the authentication, mainly cookies. */
  headers: Headers
  contentSecurityPolicy: ContentSecurityPolicyOptions | undefined
  publishableKey: string | undefined
  /** Creates the headers for the page. Called only if a page follows. */
  handover: () => Record<string, string>
}

/** Adds the headers for the browser and for the page to a handler's answer. */
export function finishResponse(
  result: Response,
  request: NextRequest,
  { headers, contentSecurityPolicy, publishableKey, handover }: Finish,
): Response {
  // Headers of a response from fetch() or Response.redirect() are immutable.
  const response = result instanceof NextResponse ? result : new NextResponse(result.body, result)
  const forPage: Record<string, string> = {}
  if (contentSecurityPolicy) {
    for (const [name, value] of contentSecurityPolicyHeaders(
      parsePublishableKey(publishableKey)?.frontendApi ?? '',
      contentSecurityPolicy,
    )) {
      response.headers.set(name, value)
      forPage[name] = value
    }
  }
  for (const [name, value] of headers) response.headers.append(name, value)
  if (leadsToPage(response, request)) setRequestHeaders(response, request, { ...forPage, ...handover() })
  return response
}

const NEXT = 'x-middleware-next'
const REWRITE = 'x-middleware-rewrite'

/** Whether the request continues to a page of this application. */
function leadsToPage({ headers }: Response, request: NextRequest): boolean {
  if (headers.get(NEXT) === '1') {
    // Next 15 finds the page by the path as sent, which may contain "..". We have checked the path without them.
    headers.delete(NEXT)
    headers.set(REWRITE, request.url)
  }
  const rewritten = headers.get(REWRITE)
  return rewritten !== null && new URL(rewritten, request.url).origin === new URL(request.url).origin
}

const OVERRIDE = 'x-middleware-override-headers'
const VALUE = 'x-middleware-request-'

/**
 * Tells Next which headers the page gets: the request's, or the handler's changed ones, and those that only we may set.
 */
function setRequestHeaders({ headers }: Response, request: NextRequest, added: Record<string, string>): void {
  const overridden = headers.get(OVERRIDE)
  if (overridden === null) for (const [name, value] of request.headers) headers.set(VALUE + name, value)
  const names = new Set(overridden === null ? request.headers.keys() : overridden.split(',').map((name) => name.trim()))
  for (const name of HANDOVER_HEADERS) {
    names.delete(name)
    headers.delete(VALUE + name)
  }
  for (const [name, value] of Object.entries(added)) {
    names.add(name)
    headers.set(VALUE + name, value)
  }
  headers.set(OVERRIDE, [...names].join(','))
}
