import type { SessionRecord, SessionStatus } from './sessions.table.js'

/**
 * The status at this moment: an active or pending session expires, or is abandoned, without a write to the database.
 */
export function statusAt(session: SessionRecord, now: number): SessionStatus {
  if (session.status !== 'active' && session.status !== 'pending') return session.status
  if (Math.min(session.expireAt, session.abandonAt) > now) return session.status
  return session.expireAt <= session.abandonAt ? 'expired' : 'abandoned'
}

/** Active or pending at this moment. */
export function isSignedIn(session: SessionRecord, now: number): boolean {
  const status = statusAt(session, now)
  return status === 'active' || status === 'pending'
}
