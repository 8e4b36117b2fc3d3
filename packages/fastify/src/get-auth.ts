import { authFromState, type GetAuthFn } from '@latchkey/backend/internal'
import type { FastifyRequest } from 'fastify'
import { stateOf } from './request-state.js'

/**
 * Returns who makes the request: `const { userId } = getAuth(request)`. `acceptsToken` accepts other kinds of token
 * than session tokens.
 *
 * @throws {Error} when the hook of `clerkPlugin` has not run before.
 */
export const getAuth = ((request: FastifyRequest, options?: object) => {
  const state = stateOf(request)
  if (!state)
    throw new Error(
      'getAuth() was called, but clerkPlugin has not run. Put await app.register(clerkPlugin) before the routes.',
    )
  return authFromState(state, options)
}) as GetAuthFn<FastifyRequest>
