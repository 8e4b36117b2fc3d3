import { createMiddleware } from './middleware.js'
import type { ClerkMiddlewareOptions, ClerkMiddlewareOptionsCallback } from './options.js'
import type { RequestHandler } from 'express'

/**
 * Finds out who makes a request, for {@link getAuth}. It lets everyone through: what a route demands the route says. A
 * browser whose session has to be renewed is sent to the Frontend API and comes back.
 *
 * Missing keys and options that make no sense go to `next(error)`, at each request.
 */
export function clerkMiddleware(options: ClerkMiddlewareOptions | ClerkMiddlewareOptionsCallback = {}): RequestHandler {
  if (typeof options !== 'function') return createMiddleware(options)
  return async (request, response, next) => {
    let middleware: RequestHandler
    try {
      middleware = createMiddleware(await options(request))
    } catch (error) {
      next(error)
      return
    }
    await middleware(request, response, next)
  }
}
