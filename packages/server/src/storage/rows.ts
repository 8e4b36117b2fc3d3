import { isDeepStrictEqual } from 'node:util'
import {
  sql,
  type Compilable,
  type DeleteQueryBuilder,
  type DeleteResult,
  type Kysely,
  type RawBuilder,
  type SelectQueryBuilder,
  type UpdateQueryBuilder,
  type UpdateResult,
} from 'kysely'
import { errors } from '../kernel/errors/errors.js'
import type { Page, PageRequest } from '../kernel/page.js'
import type { Clock, Ids } from '../kernel/runtime.js'
import { compiled, insertUnlessTaken, runCompiled } from './compiled.js'
import type { Database, Queries } from './database.js'
import { NEWEST_FIRST, orderedBy, type Order } from './lists.js'
import { unlessTaken } from './queries.js'
import type { Schema } from './schema.js'
import { snakeCase, type Columns, type OwnedTable, type RecordOf } from './table.js'
import type { Tx } from './tx.js'

/** The instance that the rows belong to, and the clock and ids for new ones. */
export interface Owner {
  readonly instanceId: string
  readonly database: Database
  readonly clock: Clock
  readonly ids: Ids
}

type AnyTable = OwnedTable<string, Columns>
type NameOf<T extends AnyTable> = T['name'] & keyof Schema
/** Fields that a row must have. */
type Filter<T extends AnyTable> = Partial<RecordOf<T>>
type NullableOf<R> = { [K in keyof R]: null extends R[K] ? K : never }[keyof R]
type Given = 'id' | 'instanceId' | 'createdAt' | 'updatedAt'

/**
 * A record without what `Rows.create` adds: id, instance, times, and null for what is left out. An id or a time may be
 * given, as a seed does.
 */
export type New<T extends { columns: Columns }> = Omit<RecordOf<T>, Given | NullableOf<RecordOf<T>>> &
  Partial<Pick<RecordOf<T>, NullableOf<RecordOf<T>>>> &
  Partial<Pick<RecordOf<T>, Extract<keyof RecordOf<T>, 'id' | 'createdAt'>>>

export type Changes<T extends { columns: Columns }> = Partial<Omit<RecordOf<T>, 'id' | 'instanceId'>>

/** Of the table's rows, by the values that its `counted` names; undefined where a number is not kept. */
export type Parts = readonly string[] | undefined

/** A table known only at run time. */
type AnyRow = Record<string, unknown>
type AnySchema = Record<string, AnyRow>
type AnyUpdate = UpdateQueryBuilder<AnySchema, string, string, UpdateResult>

/**
 * The rows of one table that belong to one instance. Every query begins here, so that no query can forget the instance.
 * Stores extend it with the queries of their own.
 */
export class Rows<T extends AnyTable> {
  constructor(
    readonly table: T,
    protected readonly owner: Owner,
  ) {}

  /** For a store's own queries, typed by Kysely. */
  select(tx?: Tx): SelectQueryBuilder<Schema, NameOf<T>, object> {
    return this.#select(tx) as unknown as SelectQueryBuilder<Schema, NameOf<T>, object>
  }

  /** An update that leaves `updated_at` alone unless it is set: failed attempts, last use. */
  change(tx: Tx): UpdateQueryBuilder<Schema, NameOf<T>, NameOf<T>, UpdateResult> {
    return this.#change(tx.queries) as unknown as UpdateQueryBuilder<Schema, NameOf<T>, NameOf<T>, UpdateResult>
  }

  remove(tx: Tx): DeleteQueryBuilder<Schema, NameOf<T>, DeleteResult> {
    return this.#remove(tx.queries) as unknown as DeleteQueryBuilder<Schema, NameOf<T>, DeleteResult>
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async get(id: string, tx?: Tx): Promise<RecordOf<T>> {
    return this.required(id, await this.find(id, tx))
  }

  async find(id: string, tx?: Tx): Promise<RecordOf<T> | undefined> {
    const { database, instanceId } = this.owner
    // Most requests begin with it.
    const build = () => this.#select().selectAll().where('id', '=', id)
    const query = compiled(database, `by id ${this.table.name}`, build, [instanceId, id])
    const [row] = await runCompiled(query, database, tx)
    return row && this.decode(row)
  }

  /** The first row, oldest first. */
  async findBy(filter: Filter<T>, tx?: Tx): Promise<RecordOf<T> | undefined> {
    const [row] = await this.#matching(filter, tx, 1)
    return row && this.decode(row)
  }

  /** Every row that matches, oldest first. For lists that are short by nature; others are paged. */
  async list(filter: Filter<T>, tx?: Tx): Promise<RecordOf<T>[]> {
    return this.decodeAll(await this.#matching(filter, tx))
  }

  /** Newest first. Counted only where the caller shows the number. */
  async page({
    paginated = true,
    ...request
  }: PageRequest & { paginated?: boolean | undefined }): Promise<Page<RecordOf<T>>> {
    return this.readPage(this.select(), NEWEST_FIRST, { ...request, paginated, parts: this.#wholePart() })
  }

  /** How many rows the instance has. */
  count(): Promise<number> {
    return this.total(this.select(), this.#wholePart())
  }

  /** @returns undefined when a unique index already has the row's values */
  async create(fields: New<T>, tx: Tx): Promise<RecordOf<T> | undefined> {
    const record = this.newRecord(fields)
    const { database } = this.owner
    const inserted = await insertUnlessTaken({ table: this.table, record, database, queries: tx.queries })
    return inserted ? record : undefined
  }

  /**
   * Sets `updated_at` too.
   *
   * @returns undefined when a unique index already has the values
   * @throws {ApiError} 404 `resource_not_found`
   */
  async update(id: string, changes: Changes<T>, tx: Tx): Promise<RecordOf<T> | undefined> {
    const row = await this.changeRow(id, changes, tx, { key: '*', select: (query) => query.returningAll() })
    return row && this.decode(row)
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async delete(id: string, tx: Tx): Promise<RecordOf<T>> {
    const row = await this.#remove(tx.queries).where('id', '=', id).returningAll().executeTakeFirst()
    return this.required(id, row && this.decode(row))
  }

  /** The row, locked as by `lock`. */
  async locked(id: string, tx: Tx): Promise<RecordOf<T>> {
    await this.lock(id, tx)
    return this.get(id, tx)
  }

  /**
   * Keeps the row from other writers until the transaction ends, but not from new rows that refer to it: transactions
   * that have each written one could not lock it any more. SQLite has one writer anyway.
   */
  async lock(id: string, tx: Tx): Promise<void> {
    if (this.owner.database.dialect === 'postgres') {
      await this.#select(tx).select('id').where('id', '=', id).forNoKeyUpdate().execute()
    }
  }

  /**
   * As `update`, for a store that wants something else of the changed row.
   *
   * @param returning what, with a key that is always the same for the same
   */
  protected async changeRow(
    id: string,
    changes: Changes<T>,
    tx: Tx,
    returning: { key: string; select(query: AnyUpdate): Compilable<AnyRow> },
  ): Promise<AnyRow | undefined> {
    const { database, clock, instanceId } = this.owner
    const values: AnyRow = this.table.encode({ updatedAt: clock.now(), ...changes })
    const key = `update ${this.table.name} ${Object.keys(values).join(' ')} ${returning.key}`
    const build = () => returning.select(this.#change(tx.queries).set(values).where('id', '=', id))
    const query = compiled(database, key, build, [...Object.values(values), instanceId, id])
    let row: AnyRow | undefined
    const run = async () => void ([row] = await runCompiled(query, database, tx))
    if (!this.table.canConflict(changes)) await run()
    else if (!(await unlessTaken(tx.queries, run))) return undefined
    if (!row) throw errors.resourceNotFound(this.table.noun, id)
    return row
  }

  /**
   * A page of a list.
   *
   * @param matching the rows of the list, before anything of them is selected
   */
  protected async readPage(
    matching: SelectQueryBuilder<Schema, NameOf<T>, object>,
    by: Order | RawBuilder<unknown>,
    { limit, offset, parts, paginated = true }: PageRequest & { parts: Parts; paginated?: boolean | undefined },
  ): Promise<Page<RecordOf<T>>> {
    const ordered = 'column' in by ? orderedBy(by, this.table) : by
    const rows = await matching.selectAll().orderBy(ordered).limit(limit).offset(offset).execute()
    const data = this.decodeAll(rows as AnyRow[])
    if (!paginated) return { data, totalCount: data.length }
    // The end of the list is in sight: nothing is left to count.
    const isLast = data.length < limit && (data.length > 0 || offset === 0)
    return { data, totalCount: isLast ? offset + data.length : await this.total(matching, parts) }
  }

  /**
   * How many rows match: the kept number if there is one for them, which takes as long for a million as for one. Others
   * are counted aside.
   */
  protected async total(matching: SelectQueryBuilder<Schema, NameOf<T>, object>, parts: Parts): Promise<number> {
    if (!parts) return countAside(matching, this.owner.database)
    const row = await selectOf('row_counts', this.owner)
      .where('counted', '=', this.table.name)
      .where('part', 'in', parts)
      .select(sql<number>`coalesce(sum(count), 0)`.as('count'))
      .executeTakeFirstOrThrow()
    return Number(row.count)
  }

  /** What `create` writes: complete, with id and times. */
  protected newRecord(fields: New<T>): RecordOf<T> {
    const { clock, ids, instanceId } = this.owner
    const now = clock.now()
    // Set one by one: to spread fifty columns takes longer than to write the row.
    const record = this.table.complete(fields as object) as AnyRow
    record['id'] ??= ids.next(this.table.prefix)
    record['instanceId'] = instanceId
    record['createdAt'] ??= now
    if (this.table.hasUpdatedAt) record['updatedAt'] = now
    return record as RecordOf<T>
  }

  protected decode(row: Record<string, unknown>): RecordOf<T> {
    return this.table.decode(row) as RecordOf<T>
  }

  protected decodeAll(rows: readonly Record<string, unknown>[]): RecordOf<T>[] {
    return rows.map((row) => this.decode(row))
  }

  protected required(id: string, record: RecordOf<T> | undefined): RecordOf<T> {
    if (!record) throw errors.resourceNotFound(this.table.noun, id)
    return record
  }

  async #matching(filter: Filter<T>, tx?: Tx, limit?: number): Promise<AnyRow[]> {
    const { database, instanceId } = this.owner
    const values: AnyRow = this.table.encode(filter)
    const build = () => {
      let query = this.#select().selectAll().orderBy('created_at').orderBy('id')
      for (const [name, value] of Object.entries(values)) query = query.where(name, '=', value)
      return limit === undefined ? query : query.limit(sql.lit(limit))
    }
    const key = `matching ${this.table.name} ${Object.keys(values).join(' ')} ${limit}`
    const query = compiled(database, key, build, [instanceId, ...Object.values(values)])
    return runCompiled(query, database, tx)
  }

  /** The part that is all rows of the instance, if the table keeps its number. */
  #wholePart(): Parts {
    return this.table.counted.some(({ by = [], where }) => by.length === 0 && where === undefined) ? [''] : undefined
  }

  #select(tx?: Tx) {
    return selectOf(this.table.name, this.owner, tx)
  }

  #change(queries: Queries) {
    return changeOf(this.table.name, this.owner.instanceId, queries)
  }

  #remove(queries: Queries) {
    return untyped(queries).deleteFrom(this.table.name).where('instance_id', '=', this.owner.instanceId)
  }
}

/** How many rows of the list there are, without holding up anybody who waits for less. */
export async function countAside<Name extends keyof Schema>(
  list: SelectQueryBuilder<Schema, Name, object>,
  database: Database,
): Promise<number> {
  const [row] = await database.aside(list.select(sql<number>`count(*)`.as('count')).compile())
  return Number(row!['count'])
}

/** The instance's rows of a table without ids of its own, such as counters. Others are read through `Rows`. */
export function rowsOfInstance<Name extends keyof Schema>(
  name: Name,
  owner: Pick<Owner, 'database' | 'instanceId'>,
  tx?: Tx,
): SelectQueryBuilder<Schema, Name, object> {
  return selectOf(name, owner, tx) as unknown as SelectQueryBuilder<Schema, Name, object>
}

/** Changes an instance's rows of a table, for workers that serve all instances. Others change them through `Rows`. */
export function changeOfInstance<Name extends keyof Schema>(
  name: Name,
  instanceId: string,
  queries: Queries,
): UpdateQueryBuilder<Schema, Name, Name, UpdateResult> {
  return changeOf(name, instanceId, queries) as unknown as UpdateQueryBuilder<Schema, Name, Name, UpdateResult>
}

function changeOf(name: string, instanceId: string, queries: Queries) {
  return untyped(queries).updateTable(name).where('instance_id', '=', instanceId)
}

function selectOf(name: string, { database, instanceId }: Pick<Owner, 'database' | 'instanceId'>, tx?: Tx) {
  return untyped(tx?.queries ?? database.read)
    .selectFrom(name)
    .where('instance_id', '=', instanceId)
}

function untyped(queries: Queries): Kysely<AnySchema> {
  return queries as unknown as Kysely<AnySchema>
}

/** Names of the given fields as on the wire. For the audit trail. */
export function fieldNames(changes: object): string[] {
  return Object.keys(changes).map(snakeCase)
}

/** Names of the fields, as on the wire, in which two states of a record differ. For the audit trail. */
export function changedNames(before: object, after: object): string[] {
  const earlier = before as Record<string, unknown>
  return Object.entries(after)
    .filter(([name, value]) => name !== 'updatedAt' && !isDeepStrictEqual(value, earlier[name]))
    .map(([name]) => snakeCase(name))
}
