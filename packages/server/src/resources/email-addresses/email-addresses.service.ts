import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import { mailboxOf } from '../../lib/email-domains/index.js'
import { emailAddress as readEmailAddress, isTestEmailAddress } from '../../lib/identifiers/index.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import type { Tx } from '../../storage/tx.js'
import { comparesMailboxes, decideAccess, sharesMailbox } from '../access/access.rules.js'
import { toApiError } from '../access/refusals.rules.js'
import type { IdentificationStatus } from '../identifications/identifications.rules.js'
import type {
  CodeSubject,
  IdentificationInput,
  IdentificationKind,
  IdentificationService,
  NewIdentification,
  NewIdentificationOwner,
} from '../identifications/identifications.service.js'
import type { OrganizationEnrolmentService } from '../organization-domains/organization-enrolment.service.js'
import type { VerificationRecord } from '../verifications/verifications.table.js'
import type { WaitlistEntryService } from '../waitlist-entries/waitlist-entries.service.js'
import { recipientOf } from './email-addresses.rules.js'
import { EmailAddressStore } from './email-addresses.store.js'
import type { EmailAddressRecord } from './email-addresses.table.js'

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
  waitlistEntries: WaitlistEntryService
  organizationEnrolment: OrganizationEnrolmentService
}

export class EmailAddressService {
  readonly #rows: EmailAddressStore
  readonly kind: IdentificationKind<EmailAddressRecord, ParsedEmailAddress, EmailAddressInput>
  readonly get: EmailAddressStore['get']
  readonly find: EmailAddressStore['find']

  constructor(private readonly options: EmailAddressOptions) {
    const { context, messages } = options
    const rows = new EmailAddressStore(context)
    this.#rows = rows
    this.get = (id, tx) => rows.get(id, tx)
    this.find = (id, tx) => rows.find(id, tx)
    this.kind = {
      noun: 'email address',
      param: 'email_address',
      setting: 'emailAddress',
      list: 'email_addresses',
      primary: 'primaryEmailAddressId',
      strategy: 'email_code',
      channel: 'email',
      rows: {
        get: (id, tx) => rows.get(id, tx),
        findBy: (filter, tx) => rows.findBy(filter, tx),
        update: (id, changes, tx) => this.#update(id, changes, tx),
        delete: (id, tx) => rows.delete(id, tx),
      },
      rowsOf: (user) => user.emailAddresses,
      canonicalOf: ({ canonical }) => canonical,
      insert: (fields, parsed, tx) => this.#insert(fields, parsed, tx),
      isTest: ({ emailAddress }) => isTestEmailAddress(emailAddress),
      sendCode: (row, code, tx, purpose) => messages.emailCode(recipientOf(row), code, tx, purpose),
      pretendCode: ({ emailAddress }, tx) => messages.pretend('email', emailAddress, tx),
      settle: async ({ before, row, input, changes }, tx) => {
        const previous = before.emailAddresses.find(({ id }) => id === before.primaryEmailAddressId)
        const replaced =
          previous && row && changes.primaryEmailAddressId === row.id && previous.canonical !== row.canonical
        if (input.notifyPrimaryEmailAddressChanged && replaced) {
          await messages.primaryEmailAddressChanged(recipientOf(previous), row.emailAddress, tx)
        }
        return {}
      },
      claimed: (row, tx) => this.settleClaimed(row, tx),
    }
  }

  /** @throws {ApiError} 422 `form_param_format_invalid` */
  parse(input: string, param = 'email_address'): ParsedEmailAddress {
    const result = readEmailAddress(input)
    if (!result.ok) throw errors.paramFormatInvalid(param, 'must be a valid email address, such as ada@example.com')
    return result
  }

  /**
   * Whether another user has verified or reserved an address that counts as the same mailbox, though it is written in
   * another way.
   *
   * @param userId whose addresses do not count; undefined for somebody who has none yet
   */
  async isMailboxTaken(canonical: string, userId: string | undefined, tx?: Tx): Promise<boolean> {
    const { restrictions } = this.options.context.instance.settings
    if (!comparesMailboxes(restrictions)) return false
    const others = await this.#rows.othersOfMailbox(canonical, userId, tx)
    return others.some((other) => !this.isTest(other) && sharesMailbox(canonical, other, restrictions))
  }

  /** The one by whose user the address is taken. @param canonical as `parse` gives it */
  findClaimed(canonical: string, tx?: Tx): Promise<EmailAddressRecord | undefined> {
    return this.#rows.findBy({ canonical, claimed: true }, tx)
  }

  /** Whether it is an address for tests, and the instance takes these. */
  isTest(address: string): boolean {
    return this.options.context.instance.settings.testMode && isTestEmailAddress(address)
  }

  /**
   * Gives a new user an address.
   *
   * @throws {ApiError} 422 `form_identifier_exists` if somebody has verified or reserved it; 403 `not_allowed_access` if
   *   somebody has another address of the mailbox, and the instance compares these
   */
  insert(where: NewIdentificationOwner, parsed: ParsedEmailAddress, tx: Tx): Promise<EmailAddressRecord> {
    return this.options.identifications.insert(this.kind, where, parsed, tx)
  }

  create(userId: string, address: string, input: EmailAddressInput, caller: Caller): Promise<EmailAddressRecord> {
    return this.options.identifications.add(this.kind, userId, this.parse(address), input, caller)
  }

  update(id: string, input: EmailAddressInput, caller: Caller): Promise<EmailAddressRecord> {
    return this.options.identifications.change(this.kind, id, input, caller)
  }

  /** Replaces all of the user's addresses by one. */
  replace(
    where: { userId: string; status: IdentificationStatus },
    address: string,
    input: EmailAddressInput,
    caller: Caller,
  ): Promise<EmailAddressRecord> {
    return this.options.identifications.replaceAll(this.kind, where, this.parse(address), input, caller)
  }

  delete(id: string, caller: Caller): Promise<EmailAddressRecord> {
    return this.options.identifications.delete(this.kind, id, {}, caller)
  }

  prepareVerification(id: string, caller: Caller): Promise<VerificationRecord> {
    return this.options.identifications.prepareVerification(this.kind, id, caller)
  }

  /** Sends a code for any subject of verification. Lock the user first. */
  sendCode(address: EmailAddressRecord, subject: CodeSubject, tx: Tx): Promise<VerificationRecord> {
    return this.options.identifications.sendCode(this.kind, address, subject, tx)
  }

  attemptVerification(
    id: string,
    attempt: { verificationId: string; code: string },
    caller: Caller,
  ): Promise<VerificationRecord> {
    return this.options.identifications.attemptVerification(this.kind, id, attempt, {}, caller)
  }

  /** Verifies an address by a link that was mailed to it. @throws {ApiError} 400 `identification_claimed` */
  verifyBy(strategy: string, id: string, tx: Tx): Promise<EmailAddressRecord> {
    return this.options.identifications.verifyBy(this.kind, id, strategy, {}, tx)
  }

  /** Verifies an address by a link that was opened once. @throws {ApiError} 400 `identification_claimed` */
  verifyByLink({ subjectId, strategy, attempts, expireAt }: VerificationRecord, tx: Tx): Promise<EmailAddressRecord> {
    const shown = { verificationAttempts: attempts, verificationExpireAt: expireAt }
    return this.options.identifications.verifyBy(this.kind, subjectId, strategy, {}, tx, shown)
  }

  /** What follows once a user has the address, verified or reserved: a wait for it ends, an organization asks the user in. */
  async settleClaimed(row: EmailAddressRecord, tx: Tx): Promise<void> {
    const { waitlistEntries, organizationEnrolment } = this.options
    await waitlistEntries.complete(row.canonical, tx)
    if (row.verificationStatus === 'verified') await organizationEnrolment.addressVerified(row, tx)
  }

  /** Records which connected accounts the address came from. */
  async setLinks(id: string, linkedTo: EmailAddressRecord['linkedTo'], tx: Tx): Promise<void> {
    await this.#rows.update(id, { linkedTo }, tx)
  }

  async #insert(fields: NewIdentification, { address, canonical }: ParsedEmailAddress, tx: Tx) {
    if (await this.#takenOnceLocked(canonical, fields.userId, tx)) {
      const identifier = {
        type: 'email_address' as const,
        identifier: address,
        onAllowlist: false,
        onBlocklist: false,
        disposable: false,
        mailboxTaken: true,
        test: this.isTest(address),
      }
      const { settings } = this.options.context.instance
      const refusal = decideAccess({ act: 'add_identifier', by: 'backend' }, [identifier], settings)
      if (refusal) throw toApiError(refusal)
    }
    const mailbox = mailboxOf(canonical)
    return this.#rows.create({ ...fields, emailAddress: address, canonical, mailbox }, tx)
  }

  /** @returns undefined also where another user has claimed the mailbox since the address was added */
  async #update(id: string, changes: Partial<Omit<NewIdentification, 'id'>>, tx: Tx) {
    if (changes.claimed) {
      const { canonical, userId, claimed } = await this.#rows.get(id, tx)
      if (!claimed && !this.isTest(canonical) && (await this.#takenOnceLocked(canonical, userId, tx))) return undefined
    }
    return this.#rows.update(id, changes, tx)
  }

  async #takenOnceLocked(canonical: string, userId: string, tx: Tx): Promise<boolean> {
    if (!comparesMailboxes(this.options.context.instance.settings.restrictions)) return false
    await this.#rows.lockMailbox(canonical, tx)
    return this.isMailboxTaken(canonical, userId, tx)
  }
}
