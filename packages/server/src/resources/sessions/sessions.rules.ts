import type { SessionSettings } from '../../instances/settings/sessions.js'
import type { InstanceSettings } from '../../instances/settings/settings.js'
import { statusOf } from './session-tasks.rules.js'
import { SIGNED_IN, type SessionRecord, type SessionStatus } from './sessions.table.js'

/**
 * The status at this moment: a session becomes active or pending with the settings of the instance, expires, or is
 * abandoned, without a write to the database.
 */
export function statusAt(session: SessionRecord, settings: InstanceSettings, now: number): SessionStatus {
  if (isSignedIn(session, now)) return statusOf(session, settings)
  if (!SIGNED_IN.includes(session.status)) return session.status
  return session.expireAt <= session.abandonAt ? 'expired' : 'abandoned'
}

/** Active or pending at this moment. */
export function isSignedIn({ status, expireAt, abandonAt }: SessionRecord, now: number): boolean {
  return SIGNED_IN.includes(status) && Math.min(expireAt, abandonAt) > now
}

/** Milliseconds without activity after which somebody who acts for a user is signed out. */
const IMPERSONATION_INACTIVITY = 10 * 60 * 1000

/** When it is abandoned if its browser shows no activity from now on. Agents may think for longer than people do. */
export function abandonAtOf(
  { actor }: Pick<SessionRecord, 'actor'>,
  { inactivitySeconds }: SessionSettings,
  now: number,
): number {
  const isImpersonation = actor !== null && actor['type'] !== 'agent'
  return now + Math.min(inactivitySeconds * 1000, isImpersonation ? IMPERSONATION_INACTIVITY : Infinity)
}

/** The part of the time without activity that is not worth a write: pages ask for a token every minute. */
const WORTH_A_WRITE = 1 / 20

/** The same, if it is later than what is stored by enough to be worth a write. */
export function laterAbandonAt(session: SessionRecord, settings: SessionSettings, now: number): number | undefined {
  const abandonAt = abandonAtOf(session, settings, now)
  return abandonAt - session.abandonAt > (abandonAt - now) * WORTH_A_WRITE ? abandonAt : undefined
}
