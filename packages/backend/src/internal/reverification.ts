import type { ReverificationConfig } from '../authenticate/authorization.js'

/** Tells a browser that the user must verify their identity again. */
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

/** {@link reverificationError} as a `Response` with status 403. */
export function reverificationErrorResponse(missingConfig?: ReverificationConfig): Response {
  return new Response(JSON.stringify(reverificationError(missingConfig)), { status: 403 })
}
