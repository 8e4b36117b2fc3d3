import { optionsFromEnvironment } from '@latchkey/backend/internal'
import type { RequestHandler } from 'express'
import { createMiddleware } from './middleware.js'
import type { ClerkMiddlewareOptions } from './options.js'
import { authOf } from './request-auth.js'

/**
 * Like `clerkMiddleware()`, but redirects requests that are signed out to `signInUrl` (`CLERK_SIGN_IN_URL`; default
 * `/`). It also accepts API keys and OAuth tokens of a user, with any scopes: where only sessions may pass, also call
 * `getAuth()`.
 *
 * @deprecated As in `@clerk/express`: an API answers 401 and does not redirect. Use `clerkMiddleware()` and `getAuth()`.
 */
export function requireAuth(options: ClerkMiddlewareOptions = {}): RequestHandler {
  const authenticate = createMiddleware(options)
  return (request, response, next) =>
    authenticate(request, response, (error?: unknown) => {
      if (error) {
        next(error)
        return
      }
      try {
        const auth = authOf(request)!()
        if ('userId' in auth && auth.userId) next()
        else response.redirect(options.signInUrl || optionsFromEnvironment().signInUrl || '/')
      } catch (failure) {
        next(failure)
      }
    })
}
