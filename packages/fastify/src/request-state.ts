import type { RequestState, TokenType } from '@latchkey/backend/internal'
import type { FastifyRequest } from 'fastify'

/**
 * Where a request keeps who makes it. Other plugins set `request.auth` too: what `getAuth()` answers must not come from
 * there. Registered, so that the ESM and the CommonJS build of this package in one program know each other's.
 */
export const STATE = Symbol.for('@latchkey/fastify.state')

type WithState = { [STATE]?: RequestState<TokenType> | null }

export function stateOf(request: FastifyRequest): RequestState<TokenType> | null | undefined {
  return (request as WithState)[STATE]
}

export function keepState(request: FastifyRequest, state: RequestState<TokenType>): void {
  ;(request as WithState)[STATE] = state
}
