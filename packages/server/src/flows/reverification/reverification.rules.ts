import { hasUsableTotp, secondFactorNumbers } from '../../factors/factors.rules.js'
import type { InstanceSettings } from '../../instances/settings/settings.js'
import type { User } from '../../resources/user-records/user-records.rules.js'
import { secondStrategies } from '../sign-in/sign-ins.rules.js'

const FIRST: ReadonlySet<string> = new Set(['password', 'email_code', 'phone_code', 'passkey'])
const SECOND: ReadonlySet<string> = new Set(['totp', 'phone_code', 'backup_code'])

/** The strategies that say anew who somebody is: none that sets a password, and no ticket. */
export const STRATEGIES = { first: FIRST, second: SECOND }

/** Whether the user has a second factor that the instance takes. Backup codes only replace one. */
export function canProveSecondFactor(user: User, settings: InstanceSettings): boolean {
  const taken = secondStrategies(settings)
  const byApp = taken.has('totp') && hasUsableTotp(user, settings)
  return byApp || (taken.has('phone_code') && secondFactorNumbers(user, settings).length > 0)
}
