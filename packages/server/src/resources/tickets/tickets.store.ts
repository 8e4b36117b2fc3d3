import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely'
import type { Page, PageRequest } from '../../kernel/page.js'
import { orderBy } from '../../storage/lists.js'
import { unlessTaken } from '../../storage/queries.js'
import type { Schema } from '../../storage/schema.js'
import { Rows, type Owner, type Parts } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { tickets, type TicketKind, type TicketRecord, type TicketStatus } from './tickets.table.js'

export interface TicketFilter {
  /** Default is all but those revoked. */
  status?: TicketStatus | 'expired' | undefined
  /** The id, or part of the address. */
  query?: string | undefined
}

export interface TicketPageRequest extends PageRequest {
  /** Default is `-created_at`. */
  orderBy?: string | undefined
}

const order = orderBy({ created_at: 'created_at', email_address: 'canonical', expires_at: 'expires_at' }, '-created_at')

type Tickets = ExpressionBuilder<Schema, 'tickets'>

export class TicketStore extends Rows<typeof tickets> {
  constructor(owner: Owner) {
    super(tickets, owner)
  }

  async findOf(kind: TicketKind, id: string, tx?: Tx): Promise<TicketRecord | undefined> {
    const ticket = await this.find(id, tx)
    return ticket?.kind === kind ? ticket : undefined
  }

  async findAll(ids: readonly string[], tx?: Tx): Promise<TicketRecord[]> {
    if (ids.length === 0) return []
    return this.decodeAll(await this.select(tx).selectAll().where('id', 'in', ids).execute())
  }

  /** Uses it up. @returns undefined if it is used, revoked or expired */
  async spend(kind: TicketKind, id: string, now: number, tx: Tx): Promise<TicketRecord | undefined> {
    return this.#settle(kind, id, { status: 'accepted', validAt: now }, tx)
  }

  /** Also one that has expired. @returns undefined if it is used or revoked */
  async revoke(kind: TicketKind, id: string, tx: Tx): Promise<TicketRecord | undefined> {
    return this.#settle(kind, id, { status: 'revoked' }, tx)
  }

  /** An expired ticket no longer stands in the way of a new one for the address. */
  async releaseExpired(kind: TicketKind, canonical: string, now: number, tx: Tx): Promise<void> {
    await this.change(tx)
      .set({ is_current: 0 })
      .where('kind', '=', kind)
      .where('canonical', '=', canonical)
      .where('is_current', '=', 1)
      .where('expires_at', '<=', now)
      .execute()
  }

  /** Another ticket for the address that can still be used; there are several if existing ones were to be ignored. */
  async findOther({ kind, canonical, id }: TicketRecord, now: number, tx: Tx): Promise<TicketRecord | undefined> {
    const row = await this.select(tx)
      .selectAll()
      .where('kind', '=', kind)
      .where('canonical', '=', canonical)
      .where('id', '<>', id)
      .where('status', '=', 'pending')
      .where('expires_at', '>', now)
      .orderBy('id')
      .limit(1)
      .executeTakeFirst()
    return row && this.decode(row)
  }

  async setDetails(id: string, details: TicketRecord['details'], tx: Tx): Promise<void> {
    await this.change(tx)
      .set({ details: JSON.stringify(details) })
      .where('id', '=', id)
      .execute()
  }

  /** Unless another one has become current meanwhile. */
  async makeCurrent(id: string, tx: Tx): Promise<void> {
    await unlessTaken(tx.queries, () => this.change(tx).set({ is_current: 1 }).where('id', '=', id).execute())
  }

  /** @throws {ApiError} 422 for an order that is not known */
  async pageOf(
    kind: TicketKind,
    filter: TicketFilter,
    page: TicketPageRequest,
    now: number,
  ): Promise<Page<TicketRecord>> {
    const ordered = order.parse(page.orderBy)
    const matching = this.select().where((eb) => eb.and(conditions(eb, kind, filter, now)))
    return this.readPage(matching, ordered, { ...page, parts: countedParts(kind, filter) })
  }

  async #settle(
    kind: TicketKind,
    id: string,
    { status, validAt }: { status: TicketStatus; validAt?: number },
    tx: Tx,
  ): Promise<TicketRecord | undefined> {
    const row = await this.change(tx)
      .set({ status, is_current: 0, updated_at: this.owner.clock.now() })
      .where('id', '=', id)
      .where('kind', '=', kind)
      .where('status', '=', 'pending')
      .$if(validAt !== undefined, (query) => query.where('expires_at', '>', validAt!))
      .returningAll()
      .executeTakeFirst()
    return row && this.decode(row)
  }
}

function conditions(
  eb: Tickets,
  kind: TicketKind,
  { status, query }: TicketFilter,
  now: number,
): Expression<SqlBool>[] {
  const found = [eb('kind', '=', kind)]
  if (status === undefined) found.push(eb('status', '<>', 'revoked'))
  else found.push(eb('status', '=', status === 'expired' ? 'pending' : status))
  if (status === 'pending') found.push(eb('expires_at', '>', now))
  if (status === 'expired') found.push(eb('expires_at', '<=', now))
  if (query) {
    const part = `%${query.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
    found.push(eb.or([eb('id', '=', query), sql<SqlBool>`canonical like ${part} escape '\\'`]))
  }
  return found
}

/** Whether one has expired comes with time: nobody counts that. */
function countedParts(kind: TicketKind, { status, query }: TicketFilter): Parts {
  if (query || status === 'pending' || status === 'expired') return undefined
  return (status === undefined ? ['pending', 'accepted'] : [status]).map((word) => `${kind} ${word}`)
}
