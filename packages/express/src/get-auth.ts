import { getAuthObjectForAcceptedToken, type AuthOptions, type GetAuthFn } from '@latchkey/backend/internal'
import type { Request } from 'express'
import { authOf } from './request-auth.js'

/**
 * Who makes a request. Without `acceptsToken` only sessions count: a machine's token is answered as signed out.
 *
 * @throws {Error} where `clerkMiddleware()` has not run before.
 */
export const getAuth = ((request: Request, options?: AuthOptions) => {
  const auth = authOf(request)
  if (!auth)
    throw new Error(
      'getAuth() needs clerkMiddleware() before it. Add the line\n\n  app.use(clerkMiddleware())\n\nabove your routes.',
    )
  return getAuthObjectForAcceptedToken({ authObject: auth(options), acceptsToken: options?.acceptsToken })
}) as GetAuthFn<Request>
