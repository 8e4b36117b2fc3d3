import type { InstanceContext } from '../instances/instance-context.js'
import type { InstanceSettings } from '../instances/settings/settings.js'
import type { UserCredentialService } from '../resources/user-credentials/user-credentials.service.js'
import type { User } from '../resources/user-records/user-records.rules.js'
import type { AttemptService } from './attempts.service.js'
import type { AttemptParams, Factor, FactorSubject, Offer, Settle } from './factor.js'
import { required } from './factors.rules.js'

interface PasswordOptions {
  context: InstanceContext
  userCredentials: UserCredentialService
  attempts: AttemptService
}

export class PasswordFactor implements Factor {
  readonly strategy = 'password'
  readonly stage = 'first'

  constructor(private readonly options: PasswordOptions) {}

  supported(user: User, settings: InstanceSettings): Offer[] {
    return settings.password.enabled && user.passwordDigest !== null ? [{ strategy: this.strategy }] : []
  }

  async attempt(subject: FactorSubject, user: User, params: AttemptParams): Promise<Settle> {
    const { context, userCredentials, attempts } = this.options
    const password = required('password', params.password)
    const offered = this.supported(user, context.instance.settings).length > 0
    const checked = offered ? await userCredentials.checkPassword(user, password, params.signal) : undefined
    const trial = { factor: this, subject, user }
    return (tx) =>
      attempts.settle(trial, tx, async (current) => {
        const right = checked !== undefined && (await userCredentials.acceptPassword(current, checked, tx))
        if (right && current.passwordCompromised) return { status: 'compromised' }
        return attempts.outcome(trial, right, tx)
      })
  }
}
