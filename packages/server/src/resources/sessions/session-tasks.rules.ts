import type { InstanceSettings } from '../../instances/settings/settings.js'
import { hasSecondFactor, type User } from '../user-records/user-records.rules.js'
import type { SessionRecord } from './sessions.table.js'

/*
 * A session is pending exactly while it has tasks: both are computed here, each time anew, from the session's row and the
 * settings of the instance, which are in memory. So no answer can contradict another, or itself, and a token costs no
 * further read. For that each signed-in session has a copy of what the user has, which whoever changes the user keeps up
 * in the same transaction (`SessionTasks`). Settings change for everybody at once: nothing is written then. The stored
 * status is the one that was last told to the application. Where it is another than the computed one, whoever next asks
 * for the session in its browser writes it, and the event, once (`SessionService.settled`).
 */

/** What a person has to do before the session is active. */
export type SessionTaskKey = 'reset-password' | 'choose-organization' | 'setup-mfa'

/** What a session copies of its user. */
export type UserState = Pick<SessionRecord, 'passwordCompromised' | 'hasSecondFactor'>

/** Names, as on the wire, of the fields of users that `UserState` is made of. */
const STATE_FIELDS: ReadonlySet<string> = new Set(['password_compromised', 'totp_secret', 'phone_numbers'])

/** Whether a change of these fields of a user, named as on the wire, may change what sessions copy. */
export function mayChangeState(changed: readonly string[]): boolean {
  return changed.some((name) => STATE_FIELDS.has(name))
}

export function stateOf(user: User): UserState {
  return { passwordCompromised: user.passwordCompromised, hasSecondFactor: hasSecondFactor(user) }
}

/** Whether the session's copy is up to date. */
export function hasState(session: UserState, { passwordCompromised, hasSecondFactor }: UserState): boolean {
  return session.passwordCompromised === passwordCompromised && session.hasSecondFactor === hasSecondFactor
}

/** What the instance asks of everybody. */
export function demandsOf({ organizations, signUp, signIn }: InstanceSettings) {
  return {
    organization: organizations.enabled && !organizations.personalAccountsEnabled,
    secondFactor: signUp.mfaRequired || signIn.secondFactorRequired,
  }
}

/** What is due in a session, in the order in which it is asked for. */
export function tasksOf(
  session: Pick<SessionRecord, 'lastActiveOrganizationId' | 'actor' | keyof UserState>,
  settings: InstanceSettings,
): SessionTaskKey[] {
  // Whoever acts for the user does none of this for them.
  if (session.actor !== null) return []
  const demands = demandsOf(settings)
  return [
    ...(session.passwordCompromised ? (['reset-password'] as const) : []),
    ...(demands.organization && session.lastActiveOrganizationId === null ? (['choose-organization'] as const) : []),
    ...(demands.secondFactor && !session.hasSecondFactor ? (['setup-mfa'] as const) : []),
  ]
}

/** The status of a session that is signed in. */
export function statusOf(session: Parameters<typeof tasksOf>[0], settings: InstanceSettings): 'active' | 'pending' {
  return tasksOf(session, settings).length > 0 ? 'pending' : 'active'
}
