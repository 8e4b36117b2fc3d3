import type { SessionRecord } from '../sessions/sessions.table.js'
import type { SessionReverificationRecord } from './session-reverifications.table.js'

/** Milliseconds for which a proved factor is enough for what is sensitive. */
export const FRESH_FOR = 10 * 60 * 1000

interface Proofs {
  session: Pick<SessionRecord, 'firstFactorVerifiedAt' | 'secondFactorVerifiedAt'>
  /** Whether the user has a second factor. It is then the one that has to be fresh. */
  hasSecondFactor: boolean
  /** The one that was started last. */
  reverification: Pick<SessionReverificationRecord, 'status'> | undefined
}

/**
 * Whether the session's user has proved the strongest factor they have lately. A reverification that was started and
 * not finished keeps the answer at no, however fresh the factors are.
 */
export function isFresh({ session, hasSecondFactor, reverification }: Proofs, now: number): boolean {
  if (reverification !== undefined && reverification.status !== 'complete') return false
  const verifiedAt = hasSecondFactor ? session.secondFactorVerifiedAt : session.firstFactorVerifiedAt
  return verifiedAt !== null && now - verifiedAt <= FRESH_FOR
}
