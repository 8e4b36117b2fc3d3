import type { InstanceContext } from '../instances/instance-context.js'
import type { InstanceSettings } from '../instances/settings/settings.js'
import type { PhoneNumberService } from '../resources/phone-numbers/phone-numbers.service.js'
import type { PhoneNumberRecord } from '../resources/phone-numbers/phone-numbers.table.js'
import type { User } from '../resources/user-records/user-records.rules.js'
import type { UserRecords } from '../resources/user-records/user-records.service.js'
import type { VerificationRecord } from '../resources/verifications/verifications.table.js'
import type { Tx } from '../storage/tx.js'
import type { AttemptService } from './attempts.service.js'
import type { AttemptParams, Factor, FactorSubject, Offer, PhoneCodeStrategy, PrepareParams, Proof } from './factor.js'
import { choose, firstFactorNumbers, required, resetsPassword, secondFactorNumbers } from './factors.rules.js'
import { maskPhoneNumber } from './masks.rules.js'

interface PhoneCodeOptions<Strategy extends PhoneCodeStrategy> {
  context: InstanceContext
  userRecords: UserRecords
  phoneNumbers: PhoneNumberService
  attempts: AttemptService
  strategy: Strategy
  stage: Factor['stage']
}

/** A code sent to one of the user's numbers: verified or reserved as first factor, verified as second. */
export class PhoneCodeFactor<Strategy extends PhoneCodeStrategy> implements Factor {
  readonly strategy: Strategy
  readonly stage: Factor['stage']

  constructor(private readonly options: PhoneCodeOptions<Strategy>) {
    this.strategy = options.strategy
    this.stage = options.stage
  }

  supported(user: User, settings: InstanceSettings, identifiedBy: string | null = null): Offer[] {
    return this.#usable(user, settings).map(({ id, phoneNumber, defaultSecondFactor }) => ({
      strategy: this.strategy,
      phoneNumberId: id,
      safeIdentifier: id === identifiedBy ? phoneNumber : maskPhoneNumber(phoneNumber),
      primary: id === user.primaryPhoneNumberId,
      default: defaultSecondFactor,
    }))
  }

  async prepare(
    subject: FactorSubject,
    { id: userId }: User,
    { phoneNumberId: id, channel }: PrepareParams,
    tx: Tx,
  ): Promise<VerificationRecord> {
    const { context, userRecords, phoneNumbers } = this.options
    const numbers = this.#usable(await userRecords.locked(userId, tx), context.instance.settings)
    const number = choose(numbers, { strategy: this.strategy, param: 'phone_number_id', id })
    return phoneNumbers.sendCode(number, { ...subject, strategy: this.strategy, ...(channel && { channel }) }, tx)
  }

  read(params: AttemptParams): Proof {
    const code = required('code', params.code)
    return (subject, user) => (tx) => this.options.attempts.settleCode({ factor: this, subject, user }, code, tx)
  }

  #usable(user: User, settings: InstanceSettings): PhoneNumberRecord[] {
    if (resetsPassword(this.strategy) && user.passwordDigest === null) return []
    return this.stage === 'first' ? firstFactorNumbers(user, settings) : secondFactorNumbers(user, settings)
  }
}
