import { verifyToken } from '@latchkey/backend'
import { TokenVerificationError } from '@latchkey/backend/errors'
import {
  getAuthObjectFromJwt,
  isMachineToken,
  signedOutAuthObject,
  type AuthObject,
  type PendingSessionOptions,
  type SignedInAuthObject,
  type SignedOutAuthObject,
} from '@latchkey/backend/internal'
import { decodeJwt } from '@latchkey/backend/jwt'
import type { HandedMachine, Handover } from './handover.js'

/**
 * How long a token is still accepted after it has expired, in milliseconds. It was valid when the request arrived, and
 * a page may take a while.
 */
const AFTERTIME = 5 * 60_000

/** The SDK's default, in milliseconds. */
const CLOCK_SKEW = 5000

type SessionAuth = SignedInAuthObject | SignedOutAuthObject

/**
 * The session of a request, from the middleware's signed decision. A token that expired long ago is no longer accepted.
 */
export function sessionAuthOf(
  { status, token, options }: Handover,
  { treatPendingAsSignedOut }: PendingSessionOptions = {},
): SessionAuth {
  if (status !== 'signed-in' || !token || isMachineToken(token)) return signedOutAuthObject({ ...options, status })
  const jwt = decodeJwt(token)
  const { exp } = jwt.payload
  if (typeof exp !== 'number' || exp * 1000 + CLOCK_SKEW + AFTERTIME <= Date.now())
    return signedOutAuthObject({ ...options, status, reason: 'token-expired' })
  return getAuthObjectFromJwt(jwt, { ...options, treatPendingAsSignedOut })
}

/**
 * {@link sessionAuthOf}, with the token verified again, so that knowing the middleware's signing key is not enough to
 * forge a session. While the key set cannot be fetched, the middleware's decision is trusted.
 */
export async function verifiedSessionAuthOf(handover: Handover, pending?: PendingSessionOptions): Promise<SessionAuth> {
  const auth = sessionAuthOf(handover, pending)
  const isSignedOut = !auth.isAuthenticated && auth.sessionStatus !== 'pending'
  if (!handover.token || isSignedOut) return auth
  try {
    await verifyToken(handover.token, { ...handover.options, clockSkewInMs: CLOCK_SKEW + AFTERTIME })
    return auth
  } catch (error) {
    if (!(error instanceof TokenVerificationError)) throw error
    if (error.reason === 'jwk-remote-failed-to-load') return auth
    return signedOutAuthObject({ ...handover.options, status: handover.status, reason: error.reason })
  }
}

/** The auth object of a machine that the middleware has verified, with its functions restored. */
export function machineAuthOf(machine: HandedMachine, token: string): AuthObject {
  const { isAuthenticated } = machine
  return {
    ...machine,
    getToken: () => Promise.resolve(isAuthenticated ? token : null),
    has: () => false,
    debug: () => ({ tokenType: machine.tokenType }),
  } as unknown as AuthObject
}
