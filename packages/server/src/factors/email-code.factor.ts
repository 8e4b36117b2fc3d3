import type { InstanceContext } from '../instances/instance-context.js'
import type { InstanceSettings } from '../instances/settings/settings.js'
import type { EmailAddressService } from '../resources/email-addresses/email-addresses.service.js'
import type { User } from '../resources/user-records/user-records.rules.js'
import type { UserRecords } from '../resources/user-records/user-records.service.js'
import type { VerificationRecord } from '../resources/verifications/verifications.table.js'
import type { Tx } from '../storage/tx.js'
import type { AttemptService } from './attempts.service.js'
import type { AttemptParams, Factor, FactorSubject, Offer, PrepareParams, Settle } from './factor.js'
import { choose, required, usableAddresses } from './factors.rules.js'
import { maskEmailAddress } from './masks.rules.js'

interface EmailCodeOptions {
  context: InstanceContext
  userRecords: UserRecords
  emailAddresses: EmailAddressService
  attempts: AttemptService
}

/** A code sent to one of the user's addresses, verified or reserved. */
export class EmailCodeFactor implements Factor {
  readonly strategy = 'email_code'
  readonly stage = 'first'

  constructor(private readonly options: EmailCodeOptions) {}

  supported(user: User, settings: InstanceSettings, identifiedBy: string | null = null): Offer[] {
    return usableAddresses(user, settings).map(({ id, emailAddress }) => ({
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
    const addresses = usableAddresses(await userRecords.locked(userId, tx), context.instance.settings)
    const address = choose(addresses, { strategy: this.strategy, param: 'email_address_id', id })
    return emailAddresses.sendCode(address, subject, tx)
  }

  attempt(subject: FactorSubject, user: User, params: AttemptParams): Settle {
    const code = required('code', params.code)
    return (tx) => this.options.attempts.settleCode({ factor: this, subject, user }, code, tx)
  }
}
