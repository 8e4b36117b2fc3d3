import type { InstanceContext } from '../../instances/instance-context.js'
import { frontendApiUrlOf } from '../../instances/instance.js'
import type { Caller } from '../../kernel/caller.js'
import type { Page } from '../../kernel/page.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import type { Tx } from '../../storage/tx.js'
import { anyTicketErrors, ticketErrors } from './tickets.errors.js'
import {
  readTicketToken,
  TICKET_PREFIXES,
  ticketToken,
  type Link,
  type LinkKind,
  type TicketClaims,
} from './tickets.rules.js'
import { TicketStore, type TicketFilter, type TicketPageRequest } from './tickets.store.js'
import type { TicketDetails, TicketKind, TicketOf, TicketRecord } from './tickets.table.js'

export interface NewTicket<Kind extends TicketKind> {
  /** Default is a new one. */
  id?: string | undefined
  kind: Kind
  /** Unix milliseconds. */
  expiresAt: number
  createdAt?: number | undefined
  userId?: string
  /** One ticket of the kind can be pending for it. */
  address?: { address: string; canonical: string }
  details: TicketDetails[Kind]
}

/** Tickets of every kind: made, used once, revoked. What one is good for is known to the service of its kind. */
export class TicketService {
  readonly #store: TicketStore
  /** The first one signs. */
  readonly #keys: readonly [string, ...string[]]

  constructor(
    private readonly context: InstanceContext,
    private readonly messages: Pick<MessageOutbox, 'spent'>,
  ) {
    this.#store = new TicketStore(context)
    // Not a signing key: those are rotated, and an invitation must outlive that.
    this.#keys = context.vault.digests('ticket key', context.instanceId)
  }

  /**
   * @param alsoIfPending another ticket for the address may be pending
   * @returns undefined if another one is
   */
  async create<Kind extends TicketKind>(
    { id, address, userId, createdAt, ...fields }: NewTicket<Kind>,
    tx: Tx,
    { alsoIfPending = false }: { alsoIfPending?: boolean } = {},
  ): Promise<TicketOf<Kind> | undefined> {
    const { clock, ids } = this.context
    if (address) await this.#store.releaseExpired(fields.kind, address.canonical, clock.now(), tx)
    const ticket = {
      ...fields,
      id: id ?? ids.next(TICKET_PREFIXES[fields.kind]),
      ...(createdAt === undefined ? {} : { createdAt }),
      status: 'pending' as const,
      userId: userId ?? null,
      emailAddress: address?.address ?? null,
      canonical: address?.canonical ?? null,
      isCurrent: address !== undefined,
    }
    const created =
      (await this.#store.create(ticket, tx)) ??
      (alsoIfPending ? await this.#store.create({ ...ticket, isCurrent: false }, tx) : undefined)
    return created as TicketOf<Kind> | undefined
  }

  async find<Kind extends TicketKind>(kind: Kind, id: string, tx?: Tx): Promise<TicketOf<Kind> | undefined> {
    return (await this.#store.findOf(kind, id, tx)) as TicketOf<Kind> | undefined
  }

  /** Whether there is, or was, one with the id or for the address. */
  async isKnown(
    kind: TicketKind,
    { id, canonical }: { id?: string | undefined; canonical: string },
    tx: Tx,
  ): Promise<boolean> {
    if (await this.#store.findBy({ kind, canonical }, tx)) return true
    return id !== undefined && (await this.#store.find(id, tx)) !== undefined
  }

  /** By id; those that no longer exist are left out. */
  async findAll(ids: readonly string[], tx?: Tx): Promise<Map<string, TicketRecord>> {
    return new Map((await this.#store.findAll(ids, tx)).map((ticket) => [ticket.id, ticket]))
  }

  /** @throws {ApiError} 422 for an order that is not known */
  async list<Kind extends TicketKind>(
    kind: Kind,
    filter: TicketFilter,
    page: TicketPageRequest,
  ): Promise<Page<TicketOf<Kind>>> {
    return (await this.#store.pageOf(kind, filter, page, this.context.clock.now())) as Page<TicketOf<Kind>>
  }

  /** @throws {ApiError} in the codes of the kind: 404, or 400 for one that was used or revoked */
  async revoke<Kind extends TicketKind>(kind: Kind, id: string, tx: Tx): Promise<TicketOf<Kind>> {
    const revoked = await this.revokeIfPending(kind, id, tx)
    if (revoked) return revoked
    const ticket = await this.#store.findOf(kind, id, tx)
    if (!ticket) throw ticketErrors[kind].notFound(id)
    throw ticket.status === 'revoked' ? ticketErrors[kind].revokeRevoked() : ticketErrors[kind].revokeUsed()
  }

  /** For what ends together with something else. @returns undefined if it was not pending */
  async revokeIfPending<Kind extends TicketKind>(kind: Kind, id: string, tx: Tx): Promise<TicketOf<Kind> | undefined> {
    const ticket = await this.#store.revoke(kind, id, tx)
    if (ticket) await this.#handOver(ticket, tx)
    return ticket as TicketOf<Kind> | undefined
  }

  /** Notes something with a new ticket. */
  async setDetails<Kind extends TicketKind>(
    ticket: TicketOf<Kind>,
    details: TicketDetails[Kind],
    tx: Tx,
  ): Promise<TicketOf<Kind>> {
    await this.#store.setDetails(ticket.id, details, tx)
    return { ...ticket, details }
  }

  /** @throws {ApiError} 404 in the code of the kind */
  async delete<Kind extends TicketKind>(kind: Kind, id: string, tx: Tx): Promise<TicketOf<Kind>> {
    const ticket = await this.#store.findOf(kind, id, tx)
    if (!ticket) throw ticketErrors[kind].notFound(id)
    const deleted = await this.#store.delete(id, tx)
    await this.#handOver(deleted, tx)
    return deleted as TicketOf<Kind>
  }

  /** The JWT that whoever has the ticket comes with. */
  tokenOf(ticket: Link): string {
    return ticketToken(ticket, this.#keys[0])
  }

  /** Where a browser takes it. */
  urlOf(ticket: TicketRecord, path?: string): string {
    const { redirectUrl } = ticket.details as { redirectUrl?: string | null }
    return this.linkOf(ticket, ticket.kind === 'invitation' ? redirectUrl : null, { path })
  }

  /**
   * @param redirectUrl where the browser goes from there
   * @param options `caller`: who sends it
   */
  linkOf(
    link: Link,
    redirectUrl: string | null | undefined,
    { path = '/v1/tickets/accept', caller }: { path?: string | undefined; caller?: Caller } = {},
  ): string {
    const { instance, publicUrl } = this.context
    const url = `${frontendApiUrlOf(instance, publicUrl(), caller)}${path}?ticket=${this.tokenOf(link)}`
    return redirectUrl == null ? url : `${url}&redirect_url=${encodeURIComponent(redirectUrl)}`
  }

  /**
   * Uses a ticket: it is spent in the transaction in which its effects happen. If these fail it can be used again.
   *
   * @param kinds those that can be used here
   * @throws {ApiError} 400 for a text that is no ticket of this instance, of another kind, expired, used or revoked; 404
   *   if what it was for no longer exists
   */
  async redeem<Kind extends TicketKind, T>(
    token: string,
    kinds: readonly Kind[],
    caller: Caller,
    effects: (ticket: { [K in Kind]: TicketOf<K> }[Kind], tx: Tx) => Promise<T>,
  ): Promise<T> {
    const claims = this.verify(token, kinds)
    return this.context.transaction(caller, async (tx) => effects(await this.spend(claims, tx), tx))
  }

  /**
   * What the token says, if this instance signed it and it is of one of the kinds. Nothing is spent yet.
   *
   * @throws {ApiError} as `redeem` does
   */
  verify<Kind extends LinkKind>(token: string, kinds: readonly Kind[]): TicketClaims & { st: Kind } {
    const claims = readTicketToken(token, this.#keys)
    if (claims?.iid !== this.context.instanceId) throw anyTicketErrors.invalid()
    if (!(kinds as readonly string[]).includes(claims.st)) throw ticketErrors[claims.st].elsewhere()
    if (claims.exp * 1000 <= this.context.clock.now()) throw anyTicketErrors.expired()
    return claims as TicketClaims & { st: Kind }
  }

  /** What a verified ticket is for. Nothing is spent yet. @throws {ApiError} as `redeem` does */
  async read<Kind extends TicketKind>({ sid, st }: Pick<TicketClaims, 'sid'> & { st: Kind }): Promise<TicketOf<Kind>> {
    const now = this.context.clock.now()
    const ticket = await this.#store.findOf(st, sid)
    if (ticket?.status !== 'pending' || ticket.expiresAt <= now) throw this.#unspendable(st, sid, ticket, now)
    return ticket as TicketOf<Kind>
  }

  /** Spends a verified ticket; one caller wins. @throws {ApiError} as `redeem` does */
  async spend<Kind extends TicketKind>(
    { sid, st }: Pick<TicketClaims, 'sid'> & { st: Kind },
    tx: Tx,
  ): Promise<{ [K in Kind]: TicketOf<K> }[Kind]> {
    const now = this.context.clock.now()
    const spent = await this.#store.spend(st, sid, now, tx)
    if (!spent) throw this.#unspendable(st, sid, await this.#store.findOf(st, sid, tx), now)
    await this.#handOver(spent, tx)
    await this.messages.spent([sid], tx)
    await tx.audit(`${st}.accepted`, sid)
    return spent as unknown as { [K in Kind]: TicketOf<K> }[Kind]
  }

  #unspendable(kind: TicketKind, id: string, ticket: TicketRecord | undefined, now: number) {
    if (!ticket) return ticketErrors[kind].gone(id)
    // As `verify` does, which knows the second alone.
    if (ticket.expiresAt <= now) return anyTicketErrors.expired()
    if (ticket.status === 'accepted') return ticketErrors[kind].used()
    return ticket.status === 'revoked' ? ticketErrors[kind].revoked() : ticketErrors[kind].unusable()
  }

  /** Of several pending tickets for an address one is current as long as there are any. */
  async #handOver(ticket: TicketRecord, tx: Tx): Promise<void> {
    if (ticket.canonical === null) return
    const other = await this.#store.findOther(ticket, this.context.clock.now(), tx)
    if (other && !other.isCurrent) await this.#store.makeCurrent(other.id, tx)
  }
}
