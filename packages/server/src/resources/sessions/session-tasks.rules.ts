import type { InstanceSettings } from '../../instances/settings/settings.js'
import { hasSecondFactor, type User } from '../user-records/user-records.rules.js'
import type { SessionRecord } from './sessions.table.js'

/** What a person has to do before the session is active. */
export type SessionTaskKey = 'reset-password' | 'choose-organization' | 'setup-mfa'

/** What is due in a session, in the order in which it is asked for. */
export function tasksOf(
  { lastActiveOrganizationId, actor }: Pick<SessionRecord, 'lastActiveOrganizationId' | 'actor'>,
  user: User,
  { organizations, signUp, signIn }: InstanceSettings,
): SessionTaskKey[] {
  // Whoever acts for the user does none of this for them.
  if (actor !== null) return []
  const mustChoose = organizations.enabled && !organizations.personalAccountsEnabled
  return [
    ...(user.passwordCompromised ? (['reset-password'] as const) : []),
    ...(mustChoose && lastActiveOrganizationId === null ? (['choose-organization'] as const) : []),
    ...((signUp.mfaRequired || signIn.secondFactorRequired) && !hasSecondFactor(user) ? (['setup-mfa'] as const) : []),
  ]
}
