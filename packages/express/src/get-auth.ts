import { getAuthObjectForAcceptedToken, type AuthOptions, type GetAuthFn } from '@latchkey/backend/internal'
import type { Request } from 'express'
import { authOf } from './request-auth.js'

/**
 * Returns who makes a request. Without `acceptsToken` only session tokens are accepted; a request with a machine's
 * token counts as signed out.
 *
 * @throws {Error} if `clerkMiddleware()` has not run before.
 */
export const getAuth = ((request: Request, options?: AuthOptions) => {
  const auth = authOf(request)
  if (!auth)
    throw new Error(
      'getAuth() needs clerkMiddleware() before it. Add the line\n\n  app.use(clerkMiddleware())\n\nabove your routes.',
    )
  return getAuthObjectForAcceptedToken({ authObject: auth(options), acceptsToken: options?.acceptsToken })
}) as GetAuthFn<Request>
