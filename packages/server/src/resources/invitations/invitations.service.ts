import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import { checkMetadata } from '../../kernel/metadata.js'
import type { Page } from '../../kernel/page.js'
import { isTestEmailAddress } from '../../lib/identifiers/index.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import type { Tx } from '../../storage/tx.js'
import { invitationStatus } from '../tickets/tickets.rules.js'
import type { TicketService } from '../tickets/tickets.service.js'
import type { TicketOf } from '../tickets/tickets.table.js'
import { invitationErrors } from './invitations.errors.js'
import { checkRedirectUrl, parseAddress, type Address, type InvitationInput } from './invitations.rules.js'
import { InvitedAddresses } from './invitations.store.js'
import type { Invitation } from './invitations.wire.js'

const DEFAULT_DAYS = 30
const DAY = 24 * 60 * 60 * 1000

interface InvitationOptions {
  context: InstanceContext
  tickets: TicketService
  messages: MessageOutbox
}

/** Which of the two that stand in the way of an invitation are ignored: a pending one, and a user. */
interface Ignored {
  pending: boolean
  user: boolean
}

/** `id` is that of a new one; default is a new one. */
type NewInvitation = InvitationInput & { id?: string | undefined }
type Filter = Parameters<TicketService['list']>[1]
type PageRequest = Parameters<TicketService['list']>[2]

/** Invitations to sign up. */
export class InvitationService {
  readonly #addresses: InvitedAddresses

  constructor(private readonly options: InvitationOptions) {
    this.#addresses = new InvitedAddresses(options.context)
  }

  /** @throws {ApiError} 422 for an order that is not known */
  async list(filter: Filter, page: PageRequest): Promise<Page<Invitation>> {
    const { data, totalCount } = await this.options.tickets.list('invitation', filter, page)
    return { data: data.map((ticket) => this.#shown(ticket)), totalCount }
  }

  /** By id; those that no longer exist are left out. */
  async findAll(ids: readonly string[], tx?: Tx): Promise<Map<string, Invitation>> {
    const found = await this.options.tickets.findAll(ids, tx)
    return new Map([...found].map(([id, ticket]) => [id, this.#shown(ticket as TicketOf<'invitation'>)]))
  }

  /** Whether the id, or somebody at the address, has been invited, or a user has the address. */
  async isKnown({ id, emailAddress }: Pick<NewInvitation, 'id' | 'emailAddress'>, tx: Tx): Promise<boolean> {
    const { canonical } = parseAddress(emailAddress)
    return (
      (await this.options.tickets.isKnown('invitation', { id, canonical }, tx)) ||
      this.#addresses.isTaken(canonical, tx)
    )
  }

  /** @throws {ApiError} as `insert` does */
  create(input: InvitationInput, caller: Caller): Promise<Invitation> {
    const ignored = input.ignoreExisting === true
    const address = this.#check(input)
    return this.options.context.transaction(caller, (tx) =>
      this.#insert(input, address, { pending: ignored, user: ignored }, tx),
    )
  }

  /** All of them or, if one is wrong, none. Existing users cannot be ignored here. */
  createAll(inputs: readonly InvitationInput[], caller: Caller): Promise<Invitation[]> {
    const addresses = inputs.map((input) => this.#check(input))
    const twice = addresses.find(
      ({ canonical }, index) => addresses.findIndex((other) => other.canonical === canonical) < index,
    )
    if (twice) throw invitationErrors.duplicate(twice.address)
    return this.options.context.transaction(caller, async (tx) => {
      const created: Invitation[] = []
      for (const [index, input] of inputs.entries()) {
        const ignored = { pending: input.ignoreExisting === true, user: false }
        created.push(await this.#insert(input, addresses[index]!, ignored, tx))
      }
      return created
    })
  }

  /**
   * For what invites as a part of something else.
   *
   * @throws {ApiError} 400 `duplicate_record` for an address with a pending invitation, 400 `invitations_not_supported`,
   *   422 `form_identifier_exists` for the address of a user, 422 for anything else that is wrong
   */
  async insert(input: NewInvitation, tx: Tx): Promise<Invitation> {
    const ignored = input.ignoreExisting === true
    return this.#insert(input, this.#check(input), { pending: ignored, user: ignored }, tx)
  }

  /** @throws {ApiError} 404, 400 `invitation_already_accepted` or `invitation_already_revoked` */
  revoke(id: string, caller: Caller): Promise<Invitation> {
    return this.options.context.transaction(caller, async (tx) => {
      const ticket = await this.options.tickets.revoke('invitation', id, tx)
      await tx.audit('invitation.revoked', id)
      return ticket
    })
  }

  /** For what ends an invitation as a part of something else. Leaves one that is not pending as it is. */
  async revokeIfPending(id: string, tx: Tx): Promise<void> {
    if (await this.options.tickets.revokeIfPending('invitation', id, tx)) await tx.audit('invitation.revoked', id)
  }

  /** In whatever state it is, with the mail that brought it. @throws {ApiError} 404 */
  delete(id: string, caller: Caller): Promise<TicketOf<'invitation'>> {
    const { context, tickets, messages } = this.options
    return context.transaction(caller, async (tx) => {
      const ticket = await tickets.delete('invitation', id, tx)
      if (ticket.details.messageId !== null) await messages.erase(ticket.details.messageId, tx)
      await tx.audit('invitation.deleted', id)
      return ticket
    })
  }

  /**
   * Accepts an invitation for somebody who signs up.
   *
   * @param effects what happens in the same transaction: the new user, with the address verified and the metadata
   * @throws {ApiError} 400 `invitation_account_exists` if a user has the address already, and as `TicketService.redeem`
   */
  accept<T>(
    token: string,
    caller: Caller,
    effects: (ticket: TicketOf<'invitation'>, tx: Tx) => Promise<T>,
  ): Promise<T> {
    return this.options.tickets.redeem(token, ['invitation'], caller, async (ticket, tx) => {
      await this.#refuseTaken(ticket, tx)
      return effects(ticket, tx)
    })
  }

  /**
   * Whom a token invites, for somebody who begins to sign up with it. Nothing is spent yet.
   *
   * @throws {ApiError} as `accept` does
   */
  async read(token: string): Promise<TicketOf<'invitation'>> {
    const { tickets } = this.options
    const ticket = await tickets.read(tickets.verify(token, ['invitation']))
    await this.#refuseTaken(ticket)
    return ticket
  }

  /** Accepts an invitation that was read, in the transaction in which the user comes to be. */
  async acceptIn(id: string, tx: Tx): Promise<TicketOf<'invitation'>> {
    const ticket = await this.options.tickets.spend({ sid: id, st: 'invitation' as const }, tx)
    await this.#refuseTaken(ticket, tx)
    return ticket
  }

  async #refuseTaken({ canonical }: TicketOf<'invitation'>, tx?: Tx): Promise<void> {
    if (await this.#addresses.isTaken(canonical!, tx)) throw invitationErrors.accountExists()
  }

  #check({ emailAddress, redirectUrl, publicMetadata }: InvitationInput): Address {
    if (!this.options.context.instance.settings.identifiers.emailAddress.enabled) throw invitationErrors.notSupported()
    if (redirectUrl != null) checkRedirectUrl(redirectUrl)
    checkMetadata({ publicMetadata: publicMetadata ?? {} })
    return parseAddress(emailAddress)
  }

  async #insert(input: NewInvitation, address: Address, ignored: Ignored, tx: Tx): Promise<Invitation> {
    const { context, tickets } = this.options
    const { emailAddress, publicMetadata, redirectUrl, expiresInDays, notify } = input
    if (!ignored.user && (await this.#addresses.isTaken(address.canonical, tx))) {
      throw errors.identifierExists('email_address')
    }
    const days = expiresInDays ?? DEFAULT_DAYS
    const ticket = await tickets.create(
      {
        id: input.id,
        kind: 'invitation',
        expiresAt: context.clock.now() + days * DAY,
        address,
        details: { publicMetadata: publicMetadata ?? {}, redirectUrl: redirectUrl ?? null, messageId: null },
      },
      tx,
      { alsoIfPending: ignored.pending },
    )
    if (!ticket) throw invitationErrors.duplicate(emailAddress)
    await tx.audit('invitation.created', ticket.id)
    if (notify === false || this.#isTest(address)) return this.#shown(ticket)
    return this.#shown(await this.#send(ticket, { days, slug: input.templateSlug ?? 'invitation' }, tx))
  }

  async #send(
    ticket: TicketOf<'invitation'>,
    { days, slug }: { days: number; slug: 'invitation' | 'waitlist_invitation' },
    tx: Tx,
  ): Promise<TicketOf<'invitation'>> {
    const { tickets, messages } = this.options
    const { id: messageId } = await messages.invitation(
      { address: ticket.emailAddress!, identificationId: null, userId: null },
      {
        slug,
        id: ticket.id,
        url: tickets.urlOf(ticket),
        expiresInDays: days,
        publicMetadata: ticket.details.publicMetadata,
      },
      tx,
    )
    return tickets.setDetails(ticket, { ...ticket.details, messageId }, tx)
  }

  /** Nothing is sent to a test address. */
  #isTest({ address }: Address): boolean {
    return this.options.context.instance.settings.testMode && isTestEmailAddress(address)
  }

  /** With the link, as long as it can be used. */
  #shown(ticket: TicketOf<'invitation'>): Invitation {
    const pending = invitationStatus(ticket, this.options.context.clock.now()) === 'pending'
    return pending ? { ...ticket, url: this.options.tickets.urlOf(ticket) } : ticket
  }
}
