import type { ClerkClient, SignedInAuthObject, SignedOutAuthObject } from '@latchkey/backend'
import type { AdapterOptions, ClerkRequest, FrontendApiProxy, PendingSessionOptions } from '@latchkey/backend/internal'
import type { Request } from 'express'

/** A request after `clerkMiddleware()`. */
export type ExpressRequestWithAuth = Request & {
  auth: (options?: PendingSessionOptions) => SignedInAuthObject | SignedOutAuthObject
}

/** Omitted options come from the environment, such as `CLERK_SECRET_KEY`. */
export interface ClerkMiddlewareOptions extends AdapterOptions {
  /** Has no effect, as in `@clerk/express`. */
  debug?: boolean
  /**
   * Proxies the Frontend API for browsers, below a path of the application. Mount the middleware before body parsers.
   * Default: off; browsers reach the Frontend API at its own host.
   */
  frontendApiProxy?: FrontendApiProxy
}

/** Returns the options for each request, for an application that serves several instances, each on its own domain. */
export type ClerkMiddlewareOptionsCallback = (
  request: Request,
) => ClerkMiddlewareOptions | Promise<ClerkMiddlewareOptions>

export interface AuthenticateRequestParams {
  clerkClient: ClerkClient
  request: Request
  options?: ClerkMiddlewareOptions
  /** The same request, already converted. */
  clerkRequest?: ClerkRequest
}
