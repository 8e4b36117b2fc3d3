import type { SessionClaims } from '@latchkey/types'
import { fetchKeys } from './tokens/fetch-keys.js'
import { verifySessionToken, type VerifyTokenOptions } from './tokens/session-token.js'

export type { VerifyTokenOptions } from './tokens/session-token.js'

/**
 * Verifies a session token and returns its claims. Tokens of JWT templates and of machines are refused: somebody else
 * chose their claims.
 *
 * @throws {TokenVerificationError} with a `reason`, and an `action` if the caller can do something about it.
 */
export async function verifyToken(token: string, options: VerifyTokenOptions): Promise<SessionClaims> {
  return verifySessionToken(token, options, fetchKeys)
}
