import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { isTestPhoneNumber } from '../../lib/identifiers/index.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import type { Tx } from '../../storage/tx.js'
import { accessErrors } from '../access/access.errors.js'
import { isDomain, parsePattern } from '../access/identifier-patterns.rules.js'
import type { InvitationService } from '../invitations/invitations.service.js'
import { AllowlistIdentifierStore } from './allowlist-identifiers.store.js'
import type { AllowlistIdentifierRecord } from './allowlist-identifiers.table.js'

export interface AllowlistIdentifierInput {
  identifier: string
  /** Sends an invitation to an address, or a text message to a number. Domains and wallets have nobody to notify. */
  notify?: boolean | undefined
  /** Default is a new one. */
  id?: string | undefined
}

interface AllowlistOptions {
  context: InstanceContext
  invitations: InvitationService
  messages: MessageOutbox
}

/** Who may sign up and in, while the instance's allow-list is switched on. */
export class AllowlistIdentifierService {
  readonly #store: AllowlistIdentifierStore
  readonly list: AllowlistIdentifierStore['page']
  readonly matching: AllowlistIdentifierStore['matching']

  constructor(private readonly options: AllowlistOptions) {
    this.#store = new AllowlistIdentifierStore(options.context)
    this.list = (page) => this.#store.page(page)
    this.matching = (patterns, tx) => this.#store.matching(patterns, tx)
  }

  /**
   * @throws {ApiError} 422 `form_param_format_invalid`; 400 `duplicate_record`; with `notify` also 400
   *   `invitations_not_supported`
   */
  create({ identifier, notify, id }: AllowlistIdentifierInput, caller: Caller): Promise<AllowlistIdentifierRecord> {
    const entry = parsePattern(identifier)
    return this.options.context.transaction(caller, async (tx) => {
      const record = await this.#store.create({ ...(id === undefined ? {} : { id }), ...entry }, tx)
      if (!record) throw accessErrors.duplicate('identifier', entry.identifier)
      await tx.audit('allowlist_identifier.created', record.id)
      return notify ? this.#notify(record, tx) : record
    })
  }

  /** Revokes the invitation that was sent with the entry, unless it was accepted. @throws {ApiError} 404 `resource_not_found` */
  delete(id: string, caller: Caller): Promise<AllowlistIdentifierRecord> {
    const { context, invitations } = this.options
    return context.transaction(caller, async (tx) => {
      const record = await this.#store.delete(id, tx)
      await tx.audit('allowlist_identifier.deleted', id)
      if (record.invitationId !== null) await invitations.revokeIfPending(record.invitationId, tx)
      return record
    })
  }

  /** Whoever wants the entry wants the message: an earlier invitation or a user with the address is no reason against it. */
  async #notify(record: AllowlistIdentifierRecord, tx: Tx): Promise<AllowlistIdentifierRecord> {
    const { context, invitations, messages } = this.options
    const { id, identifier, identifierType } = record
    if (identifierType === 'email_address' && !isDomain(record)) {
      const invitation = await invitations.insert({ emailAddress: identifier, ignoreExisting: true }, tx)
      return (await this.#store.update(id, { invitationId: invitation.id }, tx))!
    }
    const { testMode } = context.instance.settings
    if (identifierType === 'phone_number' && !(testMode && isTestPhoneNumber(identifier))) {
      await messages.smsInvitation({ address: identifier, identificationId: null, userId: null }, tx)
    }
    return record
  }
}
