import { errors } from '../../http/errors.js'
import { emailAddress as readEmailAddress, isTestEmailAddress } from '../../identifiers/index.js'
import type { Queries } from '../../storage/database.js'
import { emailAddresses, type EmailAddressRecord, type UserRecord } from '../../storage/tables.js'
import { identificationErrors } from '../identifications/identification.errors.js'
import type { IdentificationStatus } from '../identifications/identification.js'
import {
  IdentificationService,
  type IdentificationChange,
  type IdentificationInput,
  type IdentificationOptions,
} from '../identifications/identifications.service.js'
import { IdentificationRows, type IdentificationStore } from '../identifications/identifications.store.js'

export type { IdentificationStatus } from '../identifications/identification.js'

export interface ParsedEmailAddress {
  /** As it was written; mail goes here. */
  address: string
  /** What is compared. */
  canonical: string
}

export interface EmailAddressInput extends IdentificationInput {
  /** Tells the previous primary address that it no longer is. */
  notifyPrimaryChanged?: boolean | null | undefined
}

export class EmailAddressService extends IdentificationService<
  EmailAddressRecord,
  ParsedEmailAddress,
  EmailAddressInput
> {
  readonly store: IdentificationStore<EmailAddressRecord>

  constructor(options: IdentificationOptions) {
    super(options, {
      noun: 'email address',
      param: 'email_address',
      setting: 'emailAddress',
      list: 'emailAddresses',
      primary: 'primaryEmailAddressId',
      strategy: 'email_code',
    })
    const { database, instanceId } = options.context
    this.store = new IdentificationRows(database.read, 'email_addresses', emailAddresses, instanceId)
  }

  /** @throws {ApiError} 422 `form_param_format_invalid`, 403 `not_allowed_access` */
  parse(input: string, param = 'email_address'): ParsedEmailAddress {
    const result = readEmailAddress(input)
    if (!result.ok) throw errors.paramFormatInvalid(param, 'must be a valid email address, such as ada@example.com')
    const { restrictions, testMode } = this.options.context.instance.settings
    const test = testMode && isTestEmailAddress(result.address)
    if (restrictions.blockEmailSubaddresses && isSubaddress(result) && !test)
      throw identificationErrors.subaddress(result.address)
    return result
  }

  create(userId: string, parsed: ParsedEmailAddress, input: EmailAddressInput): Promise<EmailAddressRecord> {
    return this.add(userId, parsed, input)
  }

  update(id: string, input: EmailAddressInput): Promise<EmailAddressRecord> {
    return this.change(id, input)
  }

  replace(
    userId: string,
    parsed: ParsedEmailAddress,
    status: IdentificationStatus,
    input: EmailAddressInput,
  ): Promise<EmailAddressRecord> {
    return this.replaceAll(userId, parsed, status, input)
  }

  protected valuesOf({ address, canonical }: ParsedEmailAddress) {
    return { emailAddress: address, canonical }
  }

  protected isTest({ emailAddress }: EmailAddressRecord): boolean {
    return isTestEmailAddress(emailAddress)
  }

  protected async sendCode(row: EmailAddressRecord, code: string, tx: Queries): Promise<void> {
    await this.options.context.messages.emailCode(row, code, tx)
  }

  protected async settle(
    { before, row, input, changes }: IdentificationChange<EmailAddressRecord, EmailAddressInput>,
    tx: Queries,
  ): Promise<Partial<UserRecord>> {
    const previous = before.emailAddresses.find(({ id }) => id === before.primaryEmailAddressId)
    const replaced = previous && row && changes.primaryEmailAddressId === row.id && previous.canonical !== row.canonical
    if (input.notifyPrimaryChanged && replaced)
      await this.options.context.messages.primaryEmailAddressChanged(previous, tx)
    return {}
  }
}

/** The signs by which mail providers let one mailbox have many addresses. */
function isSubaddress({ canonical }: ParsedEmailAddress): boolean {
  return /[+=#]/.test(canonical.slice(0, canonical.lastIndexOf('@')))
}
