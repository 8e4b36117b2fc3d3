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

/** How long after its end a token still counts, in milliseconds: it was good when the request came, and a page may take a while. */
const AFTERTIME = 5 * 60_000

/** The default of the SDK, in milliseconds. */
const CLOCK_SKEW = 5000

type SessionAuth = SignedInAuthObject | SignedOutAuthObject

/** The session of a request, by what the middleware has signed. A token that has ended since long does not count any more. */
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
 * The same, with the token verified again: whoever knows how the middleware signs knows no more than that. While the key set
 * cannot be fetched, the middleware's word counts.
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

/** A machine that the middleware has verified, with its functions again. */
export function machineAuthOf(machine: HandedMachine, token: string): AuthObject {
  const { isAuthenticated } = machine
  return {
    ...machine,
    getToken: () => Promise.resolve(isAuthenticated ? token : null),
    has: () => false,
    debug: () => ({ tokenType: machine.tokenType }),
  } as unknown as AuthObject
}
