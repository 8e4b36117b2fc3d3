import { sql, type SelectQueryBuilder } from 'kysely'
import type { Page, PageRequest } from '../../kernel/page.js'
import { searchText } from '../../lib/identifiers/text.js'
import { orderBy, orderedBy } from '../../storage/lists.js'
import { Rows } from '../../storage/rows.js'
import type { Schema } from '../../storage/schema.js'
import type { RecordOf } from '../../storage/table.js'
import type { Tx } from '../../storage/tx.js'
import type { organizationPermissions, organizationRoles, roleSets } from './organization-role-records.table.js'

/** What the lists of permissions, roles and role sets take. */
export interface KeyedListRequest extends PageRequest {
  /** Exact on the id, partial and case-insensitive on name and key. */
  query?: string | undefined
  orderBy?: string | undefined
}

const order = orderBy({ created_at: 'created_at', name: 'name', key: 'key' }, '-created_at')

/** Rows that have a name and a key, and are listed and found by them. */
export class KeyedRows<
  T extends typeof organizationPermissions | typeof organizationRoles | typeof roleSets,
> extends Rows<T> {
  /** @throws {ApiError} 422 `form_param_value_invalid` for an unknown order */
  async search({ query, limit, offset, ...request }: KeyedListRequest): Promise<Page<RecordOf<T>>> {
    const by = orderedBy(order.parse(request.orderBy), this.table)
    const rows = query ? this.#found(query) : this.#all()
    const { count } = await rows.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
    const page = await rows.selectAll().orderBy(by).limit(limit).offset(offset).execute()
    return { data: this.decodeAll(page), totalCount: Number(count) }
  }

  async findByKey(key: string, tx?: Tx): Promise<RecordOf<T> | undefined> {
    const row = await this.#all(tx).selectAll().where('key', '=', key).executeTakeFirst()
    return row && this.decode(row)
  }

  /** Those that exist, in no particular order. */
  async findAll(column: 'id' | 'key', values: readonly string[], tx?: Tx): Promise<RecordOf<T>[]> {
    if (values.length === 0) return []
    return this.decodeAll(await this.#all(tx).selectAll().where(column, 'in', values).execute())
  }

  /** As the transaction sees it: for limits, under the lock that creates wait for. */
  async countIn(tx: Tx): Promise<number> {
    const { count } = await this.#all(tx)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return Number(count)
  }

  #found(query: string) {
    const term = searchText(query)
    // Other than `like`, these know no wildcards.
    const position =
      this.owner.database.dialect === 'postgres' ? sql`strpos(search, ${term})` : sql`instr(search, ${term})`
    return this.#all().where((eb) => eb.or([eb('id', '=', query), sql<boolean>`${position} > 0`]))
  }

  /** Typed as roles: the three tables have the columns used here in common. */
  #all(tx?: Tx) {
    return this.select(tx) as unknown as SelectQueryBuilder<Schema, 'organization_roles', object>
  }
}
