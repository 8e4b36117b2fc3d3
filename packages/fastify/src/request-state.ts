import type { RequestState, TokenType } from '@latchkey/backend/internal'
import type { FastifyRequest } from 'fastify'

/**
 * The property that holds the state of a request. Not `request.auth`: other plugins set that too, and `getAuth()` must
 * not return their value. `Symbol.for`, so that the ESM and the CommonJS build of this package share it.
 */
export const STATE = Symbol.for('@latchkey/fastify.state')

type WithState = { [STATE]?: RequestState<TokenType> | null }

export function stateOf(request: FastifyRequest): RequestState<TokenType> | null | undefined {
  return (request as WithState)[STATE]
}

export function keepState(request: FastifyRequest, state: RequestState<TokenType>): void {
  ;(request as WithState)[STATE] = state
}
