import type { InstanceSettings } from '../../instances/settings/settings.js'
import { isLocked, type User } from '../user-records/user-records.rules.js'

/** Wrong attempts until the user is locked; null where that never happens. */
export function attemptsLeft(user: User | undefined, { lockout }: InstanceSettings, now: number): number | null {
  if (!lockout.enabled || !user) return null
  return isLocked(user, now) ? 0 : Math.max(lockout.maxAttempts - user.failedAttempts, 0)
}

/** Seconds until the lock ends; null for one without an end. */
export function lockSecondsLeft(user: User | undefined, now: number): number | null {
  const expiresAt = user?.lockoutExpiresAt ?? null
  return expiresAt === null ? null : Math.max(Math.ceil((expiresAt - now) / 1000), 0)
}
