import type { GetAuthFn } from '@latchkey/backend/internal'
import type { Context } from 'hono'

/**
 * Returns who makes the request: `const { userId } = getAuth(c)`. `acceptsToken` accepts other kinds of token than
 * session tokens.
 *
 * @throws {Error} when `clerkMiddleware()` has not run before.
 */
export const getAuth = ((c: Context, options?: object) => {
  const auth = c.get('clerkAuth') as ((options?: object) => unknown) | undefined
  if (!auth)
    throw new Error(
      'getAuth() was called, but clerkMiddleware() has not run. Put app.use(clerkMiddleware()) before the route.',
    )
  return auth(options)
}) as GetAuthFn<Context>
