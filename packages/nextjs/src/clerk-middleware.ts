import {
  authenticateRequest,
  authFromState,
  isProxied,
  makeAuthObjectSerializable,
  missingVariable,
  optionsForRequest,
  proxyPathOf,
  urlOf,
  type AuthenticateRequestOptions,
  type AuthObject,
  type AuthOptions,
  type RequestState,
  type TokenType,
} from '@latchkey/backend/internal'
import { clerkFrontendApiProxy } from '@latchkey/backend/proxy'
import { NextResponse, type NextFetchEvent, type NextRequest } from 'next/server.js'
import { notFound, redirect, redirectToSignPage, unauthorized, type SignPage } from './control-flow.js'
import { readEnvironment } from './environment.js'
import { writeHandover, type HandedMachine, type HandedOptions } from './handover.js'
import { answerControlFlow, finishResponse } from './middleware-response.js'
import { runWithOptions } from './middleware-storage.js'
import type {
  ClerkMiddleware,
  ClerkMiddlewareAuth,
  ClerkMiddlewareHandler,
  ClerkMiddlewareOptions,
  ClerkMiddlewareOptionsCallback,
} from './middleware-types.js'
import { acceptedBy, createProtect, type ProtectArguments } from './protect.js'
import { headersOf } from './request-like.js'

/**
 * The middleware (Next 15: `middleware.ts`) or proxy (Next 16: `proxy.ts`) of an application. It authenticates each
 * request and passes the result to the pages, signed. It blocks no request: the handler or, better, the page decides
 * what it requires. A browser whose session must be renewed is redirected to the Frontend API and back.
 *
 * If a key is missing, the function throws at a request. The message says which line to add, and where.
 */
export const clerkMiddleware = ((...args: unknown[]) => {
  if (args[0] instanceof Request) return answer(args[0] as NextRequest, args[1] as NextFetchEvent, undefined, {})
  const [handler, options] = typeof args[0] === 'function' ? args : [undefined, args[0]]
  return (request: NextRequest, event: NextFetchEvent) =>
    answer(
      request,
      event,
      handler as ClerkMiddlewareHandler | undefined,
      (options ?? {}) as ClerkMiddlewareOptions | ClerkMiddlewareOptionsCallback,
    )
}) as ClerkMiddleware

async function answer(
  request: NextRequest,
  event: NextFetchEvent,
  handler: ClerkMiddlewareHandler | undefined,
  given: ClerkMiddlewareOptions | ClerkMiddlewareOptionsCallback,
): Promise<Response> {
  const { debug, contentSecurityPolicy, frontendApiProxy, ...options } =
    typeof given === 'function' ? await given(request) : given
  const url = urlOf(request)
  const resolved = resolve(options, url)
  const { publishableKey, secretKey } = resolved
  const proxyPath = proxyPathOf(frontendApiProxy, () => url)
  if (proxyPath && isProxied(new URL(request.url), proxyPath))
    return clerkFrontendApiProxy(request, { proxyPath, publishableKey, secretKey })

  const proxyUrl = resolved.proxyUrl || (proxyPath ? `${url.origin}${proxyPath}` : undefined)
  const state = (await authenticateRequest(request, {
    ...resolved,
    proxyUrl,
    acceptsToken: 'any',
  })) as RequestState<TokenType>
  if (debug) {
    const seen = {
      method: request.method,
      path: url.pathname,
      status: state.status,
      tokenType: state.tokenType,
      reason: state.reason,
    }
    // oxlint-disable-next-line no-console -- what the option is for
    console.log('clerkMiddleware', seen)
  }
  if (state.headers.has('location')) return redirectWith(state.headers)

  const handed = pickHanded(resolved)
  const response = await runWithOptions(handed, () => handle(handler, request, event, state, url))
  return finishResponse(response, request, {
    headers: state.headers,
    contentSecurityPolicy,
    publishableKey,
    handover: () => handoverOf(state, url, handed),
  })
}

function resolve(options: ClerkMiddlewareOptions, url: URL): AuthenticateRequestOptions {
  const resolved = optionsForRequest(options, readEnvironment(), () => url)
  if (!resolved.publishableKey) throw missingVariable('NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY')
  if (!resolved.secretKey) throw missingVariable('CLERK_SECRET_KEY')
  return resolved
}

const HANDED = [
  'apiUrl',
  'apiVersion',
  'domain',
  'isSatellite',
  'jwtKey',
  'machineSecretKey',
  'proxyUrl',
  'publishableKey',
  'secretKey',
  'signInUrl',
  'signUpUrl',
] as const

function pickHanded(options: AuthenticateRequestOptions): HandedOptions {
  return Object.fromEntries(HANDED.filter((name) => options[name]).map((name) => [name, options[name]]))
}

/**
 * Redirects to the Frontend API, or, after a handshake, sets its cookies and redirects to the URL without the
 * handshake's parameters.
 */
function redirectWith(headers: Headers): Response {
  const response = NextResponse.redirect(headers.get('location')!)
  for (const [name, value] of headers) if (name !== 'location') response.headers.append(name, value)
  return response
}

async function handle(
  handler: ClerkMiddlewareHandler | undefined,
  request: NextRequest,
  event: NextFetchEvent,
  state: RequestState<TokenType>,
  url: URL,
): Promise<Response> {
  try {
    return (await handler?.(createAuth(request, state, url), request, event)) || NextResponse.next()
  } catch (error) {
    const response = answerControlFlow(error, request, state, url)
    if (response) return response
    throw error
  }
}

function createAuth(request: NextRequest, state: RequestState<TokenType>, url: URL): ClerkMiddlewareAuth {
  const to =
    (page: SignPage) =>
    ({ returnBackUrl }: { returnBackUrl?: string | URL | null } = {}) =>
      redirectToSignPage(page, url.href, returnBackUrl)
  const redirects = { redirectToSignIn: to('redirectToSignIn'), redirectToSignUp: to('redirectToSignUp') }

  async function auth(options?: AuthOptions): Promise<AuthObject> {
    const authObject = authFromState(state, options)
    return authObject.tokenType === 'session_token' ? Object.assign(authObject, redirects) : authObject
  }
  async function protect(...args: ProtectArguments): Promise<AuthObject> {
    const authObject = authFromState(state, { acceptsToken: acceptedBy(args) })
    return createProtect({
      header: headersOf(request),
      authObject,
      redirect,
      redirectToSignIn: redirects.redirectToSignIn,
      notFound,
      unauthorized,
    })(...args)
  }
  return Object.assign(auth, { protect }) as unknown as ClerkMiddlewareAuth
}

function handoverOf(state: RequestState<TokenType>, url: URL, options: HandedOptions): Record<string, string> {
  const { status, token, reason, headers } = state
  const machine =
    state.tokenType === 'session_token' ? undefined : (makeAuthObjectSerializable(state.toAuth()!) as HandedMachine)
  // The message is read from the state's headers, which omit it if it contains characters that are invalid in a header.
  return writeHandover({
    status,
    token,
    reason,
    message: headers.get('x-clerk-auth-message'),
    url: url.href,
    options,
    machine,
  })
}
