import type { InstanceContext } from '../instances/instance-context.js'
import { attribute } from '../instances/settings/attributes.js'
import type { InstanceSettings } from '../instances/settings/settings.js'
import type { UserFactorService } from '../resources/user-factors/user-factors.service.js'
import type { User } from '../resources/user-records/user-records.rules.js'
import type { AttemptService } from './attempts.service.js'
import type { AttemptParams, Factor, Offer, Proof } from './factor.js'
import { needsSecondFactor, required } from './factors.rules.js'

interface BackupCodeOptions {
  context: InstanceContext
  userFactors: UserFactorService
  attempts: AttemptService
}

/** One of the codes that the user wrote down; each works once. Offered only together with another second factor. */
export class BackupCodeFactor implements Factor {
  readonly strategy = 'backup_code'
  readonly stage = 'second'

  constructor(private readonly options: BackupCodeOptions) {}

  supported(user: User, settings: InstanceSettings): Offer[] {
    const left = attribute(settings, 'backup_code').enabled ? (user.backupCodes ?? []).length : 0
    return left > 0 && needsSecondFactor(user, settings) ? [{ strategy: this.strategy }] : []
  }

  read({ code: given, signal }: AttemptParams): Proof {
    const { context, userFactors, attempts } = this.options
    const code = required('code', given)
    return async (subject, user) => {
      const offered = user !== undefined && this.supported(user, context.instance.settings).length > 0
      const digest = offered ? await userFactors.findBackupCode(user, code, signal) : undefined
      const trial = { factor: this, subject, user }
      return (tx) =>
        attempts.settle(trial, tx, async ({ id: userId }) => {
          const right = digest !== undefined && (await userFactors.spendBackupCode(userId, digest, tx))
          return attempts.outcome(trial, { right, userId }, tx)
        })
    }
  }
}
