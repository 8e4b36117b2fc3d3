import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Page } from '../../kernel/page.js'
import { isTestEmailAddress } from '../../lib/identifiers/index.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import { changedNames } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { parseAddress, type Address } from '../invitations/invitations.rules.js'
import type { InvitationService } from '../invitations/invitations.service.js'
import { waitlistErrors } from './waitlist-entries.errors.js'
import { WaitlistStore, type WaitlistFilter, type WaitlistPageRequest } from './waitlist-entries.store.js'
import type { WaitlistEntryRecord } from './waitlist-entries.table.js'
import { waitlistEntry, type WaitlistEntry } from './waitlist-entries.wire.js'

export interface WaitlistEntryInput {
  /** Default is a new one. */
  id?: string | undefined
  emailAddress: string
  /** Default is true. */
  notify?: boolean | null | undefined
}

interface InviteInput {
  ignoreExisting?: boolean | null | undefined
  /** Default is true. */
  notify?: boolean | undefined
}

interface WaitlistOptions {
  context: InstanceContext
  invitations: InvitationService
  messages: MessageOutbox
}

/** People who wait to be let in. */
export class WaitlistEntryService {
  readonly #store: WaitlistStore

  constructor(private readonly options: WaitlistOptions) {
    this.#store = new WaitlistStore(options.context)
  }

  /** @throws {ApiError} 422 for an order that is not known */
  async list(filter: WaitlistFilter, page: WaitlistPageRequest): Promise<Page<WaitlistEntry>> {
    const { data, totalCount } = await this.#store.pageOf(filter, page)
    return { data: await this.#withInvitations(data), totalCount }
  }

  /** Whether the address, or the id where one is given, is on the list. */
  async exists({ id, emailAddress }: WaitlistEntryInput, tx: Tx): Promise<boolean> {
    const { canonical } = parseAddress(emailAddress)
    if (await this.#store.findBy({ canonical }, tx)) return true
    return id !== undefined && (await this.#store.find(id, tx)) !== undefined
  }

  create(input: WaitlistEntryInput, caller: Caller): Promise<WaitlistEntry> {
    return this.options.context.transaction(caller, (tx) => this.insert(input, tx))
  }

  /**
   * For somebody who asks to be let in. Whether the address was on the list already does not show.
   *
   * @throws {ApiError} 403 `waitlist_not_accepting_entries` unless the sign-up mode is `waitlist`, 429
   *   `too_many_requests`
   */
  async join(emailAddress: string, caller: Caller): Promise<WaitlistEntry> {
    const { context, messages } = this.options
    const { signUp, supportEmail } = context.instance.settings
    if (signUp.mode !== 'waitlist') throw waitlistErrors.closed()
    const tell = async (tx: Tx) => {
      if (supportEmail !== null) await messages.waitlistEntryCreated(supportEmail, tx)
    }
    const address = parseAddress(emailAddress)
    return context.transaction(caller, async (tx) => {
      // The mail goes to whatever address somebody names: it counts as a code does, also where none is sent.
      await messages.pretend('email', address.address, tx)
      return this.#insert({ emailAddress }, address, tx, tell)
    })
  }

  /** An address that is on the list already keeps its entry as it is, and nothing is sent. */
  async insert(input: WaitlistEntryInput, tx: Tx): Promise<WaitlistEntry> {
    return this.#insert(input, parseAddress(input.emailAddress), tx)
  }

  /** All of them or, if one is wrong, none. @throws {ApiError} 422 `form_param_duplicate` */
  createAll(inputs: readonly WaitlistEntryInput[], caller: Caller): Promise<WaitlistEntry[]> {
    const addresses = inputs.map(({ emailAddress }) => parseAddress(emailAddress))
    if (new Set(addresses.map(({ canonical }) => canonical)).size < addresses.length) {
      throw errors.paramDuplicate('email_address')
    }
    return this.options.context.transaction(caller, async (tx) => {
      const entries: WaitlistEntry[] = []
      for (const [index, input] of inputs.entries()) entries.push(await this.#insert(input, addresses[index]!, tx))
      return entries
    })
  }

  invite(id: string, input: InviteInput, caller: Caller): Promise<WaitlistEntry> {
    return this.options.context.transaction(caller, (tx) => this.inviteIn(id, input, tx))
  }

  /** @throws {ApiError} 404, 409 by the status, and as `InvitationService.insert` does */
  async inviteIn(id: string, { ignoreExisting, notify }: InviteInput, tx: Tx): Promise<WaitlistEntry> {
    const { context, invitations } = this.options
    const before = await this.#store.get(id, tx)
    const invitedAt = context.clock.now()
    const entry = await this.#move(id, ['pending', 'rejected'], { status: 'invited', invitedAt }, tx)
    const { emailAddress } = entry
    const invitation = await invitations.insert(
      { emailAddress, ignoreExisting, notify, templateSlug: 'waitlist_invitation' },
      tx,
    )
    const invitationId = invitation.id
    await this.#store.move({ id }, ['invited'], { invitationId }, tx)
    return this.#changed(before, { ...entry, invitationId, invitation }, tx)
  }

  reject(id: string, caller: Caller): Promise<WaitlistEntry> {
    return this.options.context.transaction(caller, (tx) => this.rejectIn(id, tx))
  }

  /** Revokes the entry's invitation. @throws {ApiError} 404, 409 by the status */
  async rejectIn(id: string, tx: Tx): Promise<WaitlistEntry> {
    const before = await this.#store.get(id, tx)
    const entry = await this.#move(id, ['pending', 'invited'], { status: 'rejected' }, tx)
    if (entry.invitationId !== null) await this.options.invitations.revokeIfPending(entry.invitationId, tx)
    const [rejected] = await this.#withInvitations([entry], tx)
    return this.#changed(before, rejected!, tx)
  }

  /** @throws {ApiError} 404, 409 for an entry that is not pending */
  delete(id: string, caller: Caller): Promise<WaitlistEntryRecord> {
    return this.options.context.transaction(caller, async (tx) => {
      const entry = await this.#store.deletePending(id, tx)
      if (!entry) throw await this.#refusal(id, tx)
      await tx.audit('waitlist_entry.deleted', id)
      return entry
    })
  }

  /** Somebody has come to have the address: who waited with it waits no longer. */
  async complete(canonical: string, tx: Tx): Promise<void> {
    const before = await this.#store.findBy({ canonical }, tx)
    if (!before) return
    const entry = await this.#store.move({ canonical }, ['pending', 'invited'], { status: 'completed' }, tx)
    if (!entry) return
    const [completed] = await this.#withInvitations([entry], tx)
    await this.#changed(before, completed!, tx)
  }

  /** @param onNew is called unless the address is on the list already */
  async #insert(
    { id, notify }: WaitlistEntryInput,
    { address, canonical }: Address,
    tx: Tx,
    onNew?: (tx: Tx) => Promise<void>,
  ): Promise<WaitlistEntry> {
    const { context, messages } = this.options
    const fields = { ...(id === undefined ? {} : { id }), emailAddress: address, canonical, status: 'pending' as const }
    const created = await this.#store.create(fields, tx)
    if (!created) {
      const known = await this.#store.findBy({ canonical }, tx)
      // A seed can give an id; only that can be taken beside the address.
      if (!known) throw errors.identifierExists('id')
      return (await this.#withInvitations([known], tx))[0]!
    }
    const entry = { ...created, invitation: undefined }
    await tx.emit('waitlistEntry.created', created.id, waitlistEntry.toJSON(entry, context))
    const { settings } = context.instance
    if (notify !== false && !(settings.testMode && isTestEmailAddress(address))) {
      await messages.waitlistConfirmation({ address, identificationId: null, userId: null }, tx)
    }
    await onNew?.(tx)
    return entry
  }

  async #move(
    id: string,
    from: readonly WaitlistEntryRecord['status'][],
    changes: Partial<Pick<WaitlistEntryRecord, 'status' | 'invitedAt'>>,
    tx: Tx,
  ): Promise<WaitlistEntryRecord> {
    const entry = await this.#store.move({ id }, from, changes, tx)
    if (!entry) throw await this.#refusal(id, tx)
    return entry
  }

  async #refusal(id: string, tx: Tx): Promise<Error> {
    const { status } = await this.#store.get(id, tx)
    if (status === 'pending') throw new Error(`The waitlist entry ${id} changed while it was being changed`)
    return waitlistErrors[status]()
  }

  async #changed(before: WaitlistEntryRecord, entry: WaitlistEntry, tx: Tx): Promise<WaitlistEntry> {
    const { invitation: _, ...after } = entry
    const data = waitlistEntry.toJSON(entry, this.options.context)
    await tx.emit('waitlistEntry.updated', entry.id, data, changedNames(before, after))
    return entry
  }

  async #withInvitations(entries: readonly WaitlistEntryRecord[], tx?: Tx): Promise<WaitlistEntry[]> {
    const ids = entries.flatMap(({ invitationId }) => (invitationId === null ? [] : [invitationId]))
    const invitations = await this.options.invitations.findAll(ids, tx)
    return entries.map((entry) => ({ ...entry, invitation: invitations.get(entry.invitationId ?? '') }))
  }
}
