import { createMiddleware } from './middleware.js'
import type { ClerkMiddlewareOptions, ClerkMiddlewareOptionsCallback } from './options.js'
import type { RequestHandler } from 'express'

/**
 * Authenticates each request, for {@link getAuth}. It blocks no request: each route decides what it requires. A browser
 * whose session must be renewed is redirected to the Frontend API and back.
 *
 * Missing keys and invalid options are passed to `next(error)`, at each request.
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
