import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely'
import type { Page, PageRequest } from '../../kernel/page.js'
import { orderBy } from '../../storage/lists.js'
import { Rows, type Changes, type Owner } from '../../storage/rows.js'
import type { Schema } from '../../storage/schema.js'
import type { Tx } from '../../storage/tx.js'
import { waitlistEntries, type WaitlistEntryRecord } from './waitlist-entries.table.js'

type Status = WaitlistEntryRecord['status']
type Entries = ExpressionBuilder<Schema, 'waitlist_entries'>

export interface WaitlistFilter {
  status?: Status | undefined
  /** The id, or part of the address. */
  query?: string | undefined
}

export interface WaitlistPageRequest extends PageRequest {
  /** Default is `-created_at`. */
  orderBy?: string | undefined
}

const order = orderBy({ created_at: 'created_at', email_address: 'canonical', invited_at: 'invited_at' }, '-created_at')

const STATUSES = ['pending', 'invited', 'completed', 'rejected'] as const satisfies Status[]

export class WaitlistStore extends Rows<typeof waitlistEntries> {
  constructor(owner: Owner) {
    super(waitlistEntries, owner)
  }

  /** Changes the entry if it has one of the statuses. @returns undefined if it has another, or does not exist */
  async move(
    by: { id: string } | { canonical: string },
    from: readonly Status[],
    changes: Changes<typeof waitlistEntries>,
    tx: Tx,
  ): Promise<WaitlistEntryRecord | undefined> {
    const [column, value] = 'id' in by ? (['id', by.id] as const) : (['canonical', by.canonical] as const)
    const row = await this.change(tx)
      .set(this.table.encode({ updatedAt: this.owner.clock.now(), ...changes }))
      .where(column, '=', value)
      .where('status', 'in', from)
      .returningAll()
      .executeTakeFirst()
    return row && this.decode(row)
  }

  /** @returns undefined if it is no longer pending, or does not exist */
  async deletePending(id: string, tx: Tx): Promise<WaitlistEntryRecord | undefined> {
    const row = await this.remove(tx)
      .where('id', '=', id)
      .where('status', '=', 'pending')
      .returningAll()
      .executeTakeFirst()
    return row && this.decode(row)
  }

  /** @throws {ApiError} 422 for an order that is not known */
  async pageOf(filter: WaitlistFilter, page: WaitlistPageRequest): Promise<Page<WaitlistEntryRecord>> {
    const ordered = order.parse(page.orderBy)
    const matching = this.select().where((eb) => eb.and(conditions(eb, filter)))
    const parts = filter.query ? undefined : filter.status === undefined ? STATUSES : [filter.status]
    return this.readPage(matching, ordered, { ...page, parts })
  }
}

function conditions(eb: Entries, { status, query }: WaitlistFilter): Expression<SqlBool>[] {
  const found: Expression<SqlBool>[] = []
  if (status !== undefined) found.push(eb('status', '=', status))
  if (query) {
    const part = `%${query.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
    found.push(eb.or([eb('id', '=', query), sql<SqlBool>`canonical like ${part} escape '\\'`]))
  }
  return found
}
