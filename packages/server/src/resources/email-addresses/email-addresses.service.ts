import { errors } from '../../http/errors.js'
import { emailAddress as readEmailAddress } from '../../identifiers/index.js'
import { InstanceRows } from '../../storage/queries.js'
import type { Queries } from '../../storage/database.js'
import { emailAddresses, type EmailAddressRecord } from '../../storage/tables.js'
import type { InstanceContext } from '../instances/instance-context.js'
import { unverified, verifiedByAdmin } from '../verifications/verification.serializer.js'

/** Reserved: not verified, but usable for sign-in and locked for everybody else. */
export type IdentificationStatus = 'verified' | 'reserved' | 'unverified'

export interface ParsedEmailAddress {
  /** As it was written; mail goes here. */
  address: string
  /** What is compared. */
  canonical: string
}

export class EmailAddressService {
  readonly store: InstanceRows<typeof emailAddresses>
  readonly #context: InstanceContext

  constructor(context: InstanceContext) {
    this.#context = context
    this.store = new InstanceRows(context.database.read, 'email_addresses', emailAddresses, context.instanceId)
  }

  /** @throws {ApiError} 422 `form_param_format_invalid` */
  parse(input: string, param = 'email_address'): ParsedEmailAddress {
    const result = readEmailAddress(input)
    if (!result.ok) throw errors.paramFormatInvalid(param, 'must be a valid email address, such as ada@example.com')
    return result
  }

  /** @throws {ApiError} 422 `form_identifier_exists` when somebody has verified or reserved the address */
  async addTo(userId: string, { address, canonical }: ParsedEmailAddress, status: IdentificationStatus, tx: Queries): Promise<EmailAddressRecord> {
    const { instanceId, clock, ids } = this.#context
    const now = clock.now()
    const record: EmailAddressRecord = {
      id: ids.next('idn'),
      instanceId,
      userId,
      emailAddress: address,
      canonical,
      claimed: status !== 'unverified',
      reserved: status === 'reserved',
      ...(status === 'verified' ? verifiedByAdmin : unverified),
      linkedTo: [],
      createdAt: now,
      updatedAt: now,
    }
    if (!(await this.store.insertUnlessTaken(record, tx))) throw errors.identifierExists('email_address')
    return record
  }
}
