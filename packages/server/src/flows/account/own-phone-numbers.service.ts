import type { StepUp } from '../../resources/session-reverifications/step-up.service.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import { attribute } from '../../instances/settings/attributes.js'
import type { CallerOf } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import { identificationErrors } from '../../resources/identifications/identifications.errors.js'
import type { IdentificationService } from '../../resources/identifications/identifications.service.js'
import type { PhoneNumberChangeInput, PhoneNumberService } from '../../resources/phone-numbers/phone-numbers.service.js'
import type { PhoneNumberRecord } from '../../resources/phone-numbers/phone-numbers.table.js'
import type { ShownPhoneNumber } from '../../resources/phone-numbers/phone-numbers.wire.js'
import { accountErrors } from './account.errors.js'
import { hasFirstFactor, withoutIdentification } from './account.rules.js'
import type { OwnIdentifierService } from './own-identifiers.service.js'

type Person = CallerOf<'session'>

export interface SecondFactorInput {
  reservedForSecondFactor?: boolean | null | undefined
  defaultSecondFactor?: boolean | null | undefined
}

type OwnNumbers = OwnIdentifierService<PhoneNumberRecord, string, PhoneNumberChangeInput>

interface OwnPhoneNumberOptions {
  context: InstanceContext
  own: OwnNumbers
  phoneNumbers: PhoneNumberService
  identifications: IdentificationService
  stepUp: StepUp
}

/** The numbers of the person who is signed in. They can serve as second factors. */
export class OwnPhoneNumberService {
  readonly list: OwnNumbers['list']
  readonly get: OwnNumbers['get']
  readonly prepare: OwnNumbers['prepare']

  constructor(private readonly options: OwnPhoneNumberOptions) {
    const { own } = options
    this.list = (caller) => own.list(caller)
    this.get = (id, caller) => own.get(id, caller)
    this.prepare = (id, strategy, caller) => own.prepare(id, strategy, caller)
  }

  /** @param reserved whether it becomes a second factor once it is proved */
  add(number: string, reserved: boolean, caller: Person): Promise<ShownPhoneNumber> {
    const { own, phoneNumbers } = this.options
    if (reserved) this.#requireSecondFactorByPhone()
    return own.add(
      number,
      caller,
      reserved ? (row, tx) => phoneNumbers.restoreSecondFactor(row.id, false, tx) : undefined,
    )
  }

  /** @throws {ApiError} as `OwnIdentifierService.attempt` */
  async attempt(id: string, code: string, caller: Person): Promise<ShownPhoneNumber> {
    const { own, phoneNumbers } = this.options
    const { reservedForSecondFactor } = await own.get(id, caller)
    return phoneNumbers.withBackupCodes(caller.userId, { reservedForSecondFactor }, caller, ({ backupCodes }) =>
      own.attempt(id, code, { backupCodes }, caller),
    )
  }

  /**
   * @throws {ApiError} as `OwnIdentifierService.change`; 400 `identification_update_second_factor_unverified`,
   *   `identification_update_failed` for the last way to sign in, `second_factor_deletion_not_allowed`; 422
   *   `form_conditional_param_disallowed`, `form_disable_default_second_factor_not_allowed`
   */
  async update(id: string, input: SecondFactorInput, caller: Person): Promise<ShownPhoneNumber> {
    const { context, own, phoneNumbers, identifications, stepUp } = this.options
    await stepUp.require(caller)
    await own.get(id, caller)
    if (input.reservedForSecondFactor) this.#requireSecondFactorByPhone()
    return phoneNumbers.withBackupCodes(caller.userId, input, caller, (prepared) =>
      own.change(id, caller, async ({ user, row }, tx) => {
        const reserved = input.reservedForSecondFactor ?? row.reservedForSecondFactor
        requireDefaultable(row, reserved, input.defaultSecondFactor)
        const { settings } = context.instance
        const rest = withoutIdentification(user, id)
        const stranded = reserved && hasFirstFactor(user, settings) && !hasFirstFactor(rest, settings)
        if (stranded) throw identificationErrors.lastAsSecondFactor()
        return identifications.changeIn(phoneNumbers.kind, id, { ...prepared, ...this.#keeping() }, tx)
      }),
    )
  }

  delete(id: string, caller: Person): Promise<PhoneNumberRecord> {
    return this.options.own.delete(id, this.#keeping(), caller)
  }

  #keeping(): { mustKeepSecondFactor: boolean } {
    const { signIn, signUp } = this.options.context.instance.settings
    return { mustKeepSecondFactor: signIn.secondFactorRequired || signUp.mfaRequired }
  }

  #requireSecondFactorByPhone(): void {
    const { usedForSecondFactor } = attribute(this.options.context.instance.settings, 'phone_number')
    if (usedForSecondFactor) return
    throw errors.conditionalParamDisallowed(
      'reserved_for_second_factor',
      'cannot be true: numbers are no second factors in this instance',
    )
  }
}

function requireDefaultable(row: PhoneNumberRecord, reserved: boolean, wanted: boolean | null | undefined): void {
  if (wanted === true && !reserved) {
    throw errors.conditionalParamDisallowed(
      'default_second_factor',
      'can only be true for a number that is reserved for second factor',
    )
  }
  if (wanted === false && reserved && row.defaultSecondFactor) throw accountErrors.disablesDefaultSecondFactor()
}
