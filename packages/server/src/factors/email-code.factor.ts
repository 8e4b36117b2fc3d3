import type { InstanceContext } from '../instances/instance-context.js'
import type { InstanceSettings } from '../instances/settings/settings.js'
import type { EmailAddressService } from '../resources/email-addresses/email-addresses.service.js'
import type { EmailAddressRecord } from '../resources/email-addresses/email-addresses.table.js'
import type { User } from '../resources/user-records/user-records.rules.js'
import type { UserRecords } from '../resources/user-records/user-records.service.js'
import type { VerificationRecord } from '../resources/verifications/verifications.table.js'
import type { Tx } from '../storage/tx.js'
import type { AttemptService } from './attempts.service.js'
import type { AttemptParams, EmailCodeStrategy, Factor, FactorSubject, Offer, PrepareParams, Proof } from './factor.js'
import { choose, required, resetsPassword, usableAddresses } from './factors.rules.js'
import { maskEmailAddress } from './masks.rules.js'

interface EmailCodeOptions<Strategy extends EmailCodeStrategy> {
  context: InstanceContext
  userRecords: UserRecords
  emailAddresses: EmailAddressService
  attempts: AttemptService
  strategy: Strategy
}

/** A code sent to one of the user's addresses, verified or reserved. */
export class EmailCodeFactor<Strategy extends EmailCodeStrategy> implements Factor {
  readonly strategy: Strategy
  readonly stage = 'first'

  constructor(private readonly options: EmailCodeOptions<Strategy>) {
    this.strategy = options.strategy
  }

  supported(user: User, settings: InstanceSettings, identifiedBy: string | null = null): Offer[] {
    return this.#usable(user, settings).map(({ id, emailAddress }) => ({
      strategy: this.strategy,
      emailAddressId: id,
      safeIdentifier: id === identifiedBy ? emailAddress : maskEmailAddress(emailAddress),
      primary: id === user.primaryEmailAddressId,
    }))
  }

  async prepare(
    subject: FactorSubject,
    { id: userId }: User,
    { emailAddressId: id }: PrepareParams,
    tx: Tx,
  ): Promise<VerificationRecord> {
    const { context, userRecords, emailAddresses } = this.options
    const addresses = this.#usable(await userRecords.locked(userId, tx), context.instance.settings)
    const address = choose(addresses, { strategy: this.strategy, param: 'email_address_id', id })
    return emailAddresses.sendCode(address, { ...subject, strategy: this.strategy }, tx)
  }

  read(params: AttemptParams): Proof {
    const code = required('code', params.code)
    return (subject, user) => (tx) => this.options.attempts.settleCode({ factor: this, subject, user }, code, tx)
  }

  #usable(user: User, settings: InstanceSettings): EmailAddressRecord[] {
    return resetsPassword(this.strategy) && user.passwordDigest === null ? [] : usableAddresses(user, settings)
  }
}
