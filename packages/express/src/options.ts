import type { ClerkClient, SignedInAuthObject, SignedOutAuthObject } from '@latchkey/backend'
import type { AdapterOptions, ClerkRequest, FrontendApiProxy, PendingSessionOptions } from '@latchkey/backend/internal'
import type { Request } from 'express'

/** A request after `clerkMiddleware()`. */
export type ExpressRequestWithAuth = Request & {
  auth: (options?: PendingSessionOptions) => SignedInAuthObject | SignedOutAuthObject
}

/** What is left out comes from the environment, `CLERK_SECRET_KEY` and so on. */
export interface ClerkMiddlewareOptions extends AdapterOptions {
  /** Has no effect, as in `@clerk/express`. */
  debug?: boolean
  /**
   * Passes the Frontend API on to browsers, below a path of the application. Mount the middleware before parsers of bodies.
   * Default: the browsers reach it at a host of its own.
   */
  frontendApiProxy?: FrontendApiProxy
}

/** Finds the options for each request: for an application that serves several instances, each on its domain. */
export type ClerkMiddlewareOptionsCallback = (
  request: Request,
) => ClerkMiddlewareOptions | Promise<ClerkMiddlewareOptions>

export interface AuthenticateRequestParams {
  clerkClient: ClerkClient
  request: Request
  options?: ClerkMiddlewareOptions
  /** The same request, converted before. */
  clerkRequest?: ClerkRequest
}
