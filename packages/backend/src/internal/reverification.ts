import type { ReverificationConfig } from '../authenticate/authorization.js'

/** What a browser is told when the user has to prove again who they are. */
export interface ReverificationError {
  clerk_error: {
    type: 'forbidden'
    reason: 'reverification-error'
    metadata: { reverification?: ReverificationConfig }
  }
}

export function reverificationError(missingConfig?: ReverificationConfig): ReverificationError {
  return {
    clerk_error: { type: 'forbidden', reason: 'reverification-error', metadata: { reverification: missingConfig } },
  }
}

/** {@link reverificationError} as an answer with status 403. */
export function reverificationErrorResponse(missingConfig?: ReverificationConfig): Response {
  return new Response(JSON.stringify(reverificationError(missingConfig)), { status: 403 })
}
