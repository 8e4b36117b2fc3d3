import type { InstanceContext } from '../instances/instance-context.js'
import type { InstanceSettings } from '../instances/settings/settings.js'
import { isCheckable } from '../lib/passwords/index.js'
import type { CheckedPassword, UserCredentialService } from '../resources/user-credentials/user-credentials.service.js'
import type { User } from '../resources/user-records/user-records.rules.js'
import type { AttemptService } from './attempts.service.js'
import type { AttemptParams, Factor, Offer, Proof } from './factor.js'
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

  read({ password: given, signal }: AttemptParams): Proof {
    const { userCredentials, attempts } = this.options
    const password = required('password', given)
    return async (subject, user) => {
      const checked = await this.#check(user, password, signal)
      const trial = { factor: this, subject, user }
      return (tx) =>
        attempts.settle(trial, tx, async (current) => {
          if (!isCheckable(current.passwordHasher!)) return { status: 'uncheckable' }
          const right = checked !== undefined && (await userCredentials.acceptPassword(current, checked, tx))
          if (right && current.passwordCompromised) return { status: 'compromised' }
          return attempts.outcome(trial, { right, userId: current.id }, tx)
        })
    }
  }

  /** Takes as long where there is nothing to compare the password with. */
  async #check(
    user: User | undefined,
    password: string,
    signal: AbortSignal | undefined,
  ): Promise<CheckedPassword | undefined> {
    const { context, userCredentials } = this.options
    const isOffered = user !== undefined && this.supported(user, context.instance.settings).length > 0
    if (isOffered && isCheckable(user.passwordHasher!)) return userCredentials.checkPassword(user, password, signal)
    await context.passwords.verifyDummy(password, signal)
    return undefined
  }
}
