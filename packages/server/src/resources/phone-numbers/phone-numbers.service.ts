import { errors } from '../../http/errors.js'
import { phoneNumber as readPhoneNumber } from '../../identifiers/index.js'
import { InstanceRows } from '../../storage/queries.js'
import type { Queries } from '../../storage/database.js'
import { phoneNumbers, type PhoneNumberRecord } from '../../storage/tables.js'
import type { IdentificationStatus } from '../email-addresses/email-addresses.service.js'
import type { InstanceContext } from '../instances/instance-context.js'
import { unverified, verifiedByAdmin } from '../verifications/verification.serializer.js'

export class PhoneNumberService {
  readonly store: InstanceRows<typeof phoneNumbers>
  readonly #context: InstanceContext

  constructor(context: InstanceContext) {
    this.#context = context
    this.store = new InstanceRows(context.database.read, 'phone_numbers', phoneNumbers, context.instanceId)
  }

  /**
   * @returns the number in E.164 form
   * @throws {ApiError} 422 `form_param_format_invalid`
   */
  parse(input: string, param = 'phone_number'): string {
    const result = readPhoneNumber(input)
    if (!result.ok) throw errors.paramFormatInvalid(param, 'must be a valid phone number in E.164 format, such as +14155552671')
    return result.number
  }

  /** @throws {ApiError} 422 `form_identifier_exists` when somebody has verified or reserved the number */
  async addTo(userId: string, phoneNumber: string, status: IdentificationStatus, tx: Queries): Promise<PhoneNumberRecord> {
    const { instanceId, clock, ids } = this.#context
    const now = clock.now()
    const record: PhoneNumberRecord = {
      id: ids.next('idn'),
      instanceId,
      userId,
      phoneNumber,
      canonical: phoneNumber,
      claimed: status !== 'unverified',
      reserved: status === 'reserved',
      reservedForSecondFactor: false,
      defaultSecondFactor: false,
      ...(status === 'verified' ? verifiedByAdmin : unverified),
      linkedTo: [],
      createdAt: now,
      updatedAt: now,
    }
    if (!(await this.store.insertUnlessTaken(record, tx))) throw errors.identifierExists('phone_number')
    return record
  }

  /** The user's numbers serve as second factors no more. */
  async releaseSecondFactors(userId: string, tx: Queries): Promise<void> {
    const { instanceId, clock } = this.#context
    await tx
      .updateTable('phone_numbers')
      .set({ reserved_for_second_factor: 0, default_second_factor: 0, updated_at: clock.now() })
      .where('instance_id', '=', instanceId)
      .where('user_id', '=', userId)
      .where((eb) => eb.or([eb('reserved_for_second_factor', '=', 1), eb('default_second_factor', '=', 1)]))
      .execute()
  }
}
