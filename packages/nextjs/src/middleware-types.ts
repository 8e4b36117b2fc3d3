import type { AdapterOptions, FrontendApiProxy, RedirectFun, SessionAuthObject } from '@latchkey/backend/internal'
import type { NextFetchEvent, NextMiddleware, NextRequest } from 'next/server.js'
import type { AuthFn } from './auth.js'
import type { ContentSecurityPolicyOptions } from './content-security-policy.js'

export type FrontendApiProxyOptions = FrontendApiProxy

export interface ClerkMiddlewareOptions extends Omit<AdapterOptions, 'acceptsToken' | 'clerkClient'> {
  /** Logs the decision about each request to the console. Default false. */
  debug?: boolean
  /** Sends a Content-Security-Policy that allows the browser components to work. Default: none. */
  contentSecurityPolicy?: ContentSecurityPolicyOptions
  /** Proxies the Frontend API through the application. Default: off. */
  frontendApiProxy?: FrontendApiProxyOptions
}

export type ClerkMiddlewareOptionsCallback = (
  request: NextRequest,
) => ClerkMiddlewareOptions | Promise<ClerkMiddlewareOptions>

export type ClerkMiddlewareAuth = AuthFn

export type ClerkMiddlewareSessionAuthObject = SessionAuthObject & {
  redirectToSignIn: RedirectFun<Response>
  redirectToSignUp: RedirectFun<Response>
}

export type ClerkMiddlewareHandler = (
  auth: ClerkMiddlewareAuth,
  request: NextRequest,
  event: NextFetchEvent,
) => ReturnType<NextMiddleware>

export interface ClerkMiddleware {
  /** `export default clerkMiddleware(async (auth, request) => { … }, options)` */
  (handler: ClerkMiddlewareHandler, options?: ClerkMiddlewareOptions): NextMiddleware
  /** `export default clerkMiddleware(async (auth, request) => { … }, (request) => options)` */
  (handler: ClerkMiddlewareHandler, options?: ClerkMiddlewareOptionsCallback): NextMiddleware
  /** `export default clerkMiddleware(options)` */
  (options?: ClerkMiddlewareOptions): NextMiddleware
  /** `export default clerkMiddleware` */
  (request: NextRequest, event: NextFetchEvent): ReturnType<NextMiddleware>
}
