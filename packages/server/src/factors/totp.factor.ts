import type { InstanceSettings } from '../instances/settings/settings.js'
import type { UserFactorService } from '../resources/user-factors/user-factors.service.js'
import type { User } from '../resources/user-records/user-records.rules.js'
import type { AttemptService } from './attempts.service.js'
import type { AttemptParams, Factor, Offer, Proof } from './factor.js'
import { hasUsableTotp, required } from './factors.rules.js'

interface TotpOptions {
  userFactors: UserFactorService
  attempts: AttemptService
}

/** The code that the user's authenticator app shows. */
export class TotpFactor implements Factor {
  readonly strategy = 'totp'
  readonly stage = 'second'

  constructor(private readonly options: TotpOptions) {}

  supported(user: User, settings: InstanceSettings): Offer[] {
    return hasUsableTotp(user, settings) ? [{ strategy: this.strategy }] : []
  }

  read(params: AttemptParams): Proof {
    const { userFactors, attempts } = this.options
    const code = required('code', params.code)
    return (subject, user) => {
      const trial = { factor: this, subject, user }
      return (tx) =>
        attempts.settle(trial, tx, async (current) => {
          const step = userFactors.findTotpStep(current, code)
          const right = step !== undefined && (await userFactors.spendTotp(current, step, tx))
          return attempts.outcome(trial, { right, userId: current.id }, tx)
        })
    }
  }
}
