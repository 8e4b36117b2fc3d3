import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import { emailAddress as readEmailAddress, isTestEmailAddress } from '../../lib/identifiers/index.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import { Rows } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { identificationErrors } from '../identifications/identifications.errors.js'
import type { IdentificationStatus } from '../identifications/identifications.rules.js'
import type {
  IdentificationInput,
  IdentificationKind,
  IdentificationService,
} from '../identifications/identifications.service.js'
import type { Subject } from '../verifications/verifications.service.js'
import type { VerificationRecord } from '../verifications/verifications.table.js'
import { recipientOf } from './email-addresses.rules.js'
import { emailAddresses, type EmailAddressRecord } from './email-addresses.table.js'

export interface ParsedEmailAddress {
  /** As it was entered; mail goes here. */
  address: string
  /** The form that is compared. */
  canonical: string
}

export interface EmailAddressInput extends IdentificationInput {
  /** Informs the previous primary address that it is no longer primary. */
  notifyPrimaryEmailAddressChanged?: boolean | null | undefined
}

interface EmailAddressOptions {
  context: InstanceContext
  identifications: IdentificationService
  messages: MessageOutbox
}

export class EmailAddressService {
  readonly #rows: Rows<typeof emailAddresses>
  readonly #kind: IdentificationKind<EmailAddressRecord, ParsedEmailAddress, EmailAddressInput>
  readonly get: Rows<typeof emailAddresses>['get']
  readonly find: Rows<typeof emailAddresses>['find']

  constructor(private readonly options: EmailAddressOptions) {
    const { context, messages } = options
    const rows = new Rows(emailAddresses, context)
    this.#rows = rows
    this.get = (id, tx) => rows.get(id, tx)
    this.find = (id, tx) => rows.find(id, tx)
    this.#kind = {
      noun: 'email address',
      param: 'email_address',
      setting: 'emailAddress',
      list: 'email_addresses',
      primary: 'primaryEmailAddressId',
      strategy: 'email_code',
      rows,
      rowsOf: (user) => user.emailAddresses,
      canonicalOf: ({ canonical }) => canonical,
      insert: (fields, { address, canonical }, tx) => rows.create({ ...fields, emailAddress: address, canonical }, tx),
      isTest: ({ emailAddress }) => isTestEmailAddress(emailAddress),
      sendCode: (row, code, tx) => messages.emailCode(recipientOf(row), code, tx),
      settle: async ({ before, row, input, changes }, tx) => {
        const previous = before.emailAddresses.find(({ id }) => id === before.primaryEmailAddressId)
        const replaced =
          previous && row && changes.primaryEmailAddressId === row.id && previous.canonical !== row.canonical
        if (input.notifyPrimaryEmailAddressChanged && replaced) {
          await messages.primaryEmailAddressChanged(recipientOf(previous), tx)
        }
        return {}
      },
    }
  }

  /** @throws {ApiError} 422 `form_param_format_invalid`, 403 `not_allowed_access` */
  parse(input: string, param = 'email_address'): ParsedEmailAddress {
    const result = readEmailAddress(input)
    if (!result.ok) throw errors.paramFormatInvalid(param, 'must be a valid email address, such as ada@example.com')
    const { restrictions, testMode } = this.options.context.instance.settings
    const test = testMode && isTestEmailAddress(result.address)
    if (restrictions.blockEmailSubaddresses && isSubaddress(result) && !test) {
      throw identificationErrors.subaddress(result.address)
    }
    return result
  }

  /** Gives a new user an address. @throws {ApiError} 422 `form_identifier_exists` if somebody has verified or reserved it */
  insert(
    where: { userId: string; status: IdentificationStatus; id?: string | undefined },
    parsed: ParsedEmailAddress,
    tx: Tx,
  ): Promise<EmailAddressRecord> {
    return this.options.identifications.insert(this.#kind, where, parsed, tx)
  }

  create(userId: string, address: string, input: EmailAddressInput, caller: Caller): Promise<EmailAddressRecord> {
    return this.options.identifications.add(this.#kind, userId, this.parse(address), input, caller)
  }

  update(id: string, input: EmailAddressInput, caller: Caller): Promise<EmailAddressRecord> {
    return this.options.identifications.change(this.#kind, id, input, caller)
  }

  /** Replaces all of the user's addresses by one. */
  replace(
    where: { userId: string; status: IdentificationStatus },
    address: string,
    input: EmailAddressInput,
    caller: Caller,
  ): Promise<EmailAddressRecord> {
    return this.options.identifications.replaceAll(this.#kind, where, this.parse(address), input, caller)
  }

  delete(id: string, caller: Caller): Promise<EmailAddressRecord> {
    return this.options.identifications.delete(this.#kind, id, {}, caller)
  }

  prepareVerification(id: string, caller: Caller): Promise<VerificationRecord> {
    return this.options.identifications.prepareVerification(this.#kind, id, caller)
  }

  /** Sends a code for any subject of verification. Lock the user first. */
  sendCode(address: EmailAddressRecord, subject: Pick<Subject, 'kind' | 'id'>, tx: Tx): Promise<VerificationRecord> {
    return this.options.identifications.sendCode(this.#kind, address, subject, tx)
  }

  attemptVerification(
    id: string,
    attempt: { verificationId: string; code: string },
    caller: Caller,
  ): Promise<VerificationRecord> {
    return this.options.identifications.attemptVerification(this.#kind, id, attempt, {}, caller)
  }

  /** Records which connected accounts the address came from. */
  async setLinks(id: string, linkedTo: EmailAddressRecord['linkedTo'], tx: Tx): Promise<void> {
    await this.#rows.update(id, { linkedTo }, tx)
  }
}

/** The characters with which mail providers let one mailbox have many addresses. */
function isSubaddress({ canonical }: ParsedEmailAddress): boolean {
  return /[+=#]/.test(canonical.slice(0, canonical.lastIndexOf('@')))
}
