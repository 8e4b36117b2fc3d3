import { sql, type Kysely } from 'kysely'
import type { Queries } from './database.js'
import type { Table } from './table.js'
import type { Schema } from './tables.js'

export type Decoded<C extends Table> = ReturnType<C['decode']>

/** The rows of one table that belong to one instance, read and written as records. */
export class InstanceRows<C extends Table> {
  protected readonly table: string

  constructor(
    protected readonly queries: Queries,
    table: keyof Schema,
    protected readonly columns: C,
    protected readonly instanceId: string,
  ) {
    this.table = table
  }

  async find(id: string, queries: Queries = this.queries): Promise<Decoded<C> | undefined> {
    const row = await untyped(queries)
      .selectFrom(this.table)
      .selectAll()
      .where('instance_id', '=', this.instanceId)
      .where('id', '=', id)
      .executeTakeFirst()
    return row && this.decode(row)
  }

  async insert(record: Decoded<C>, tx: Queries): Promise<void> {
    await untyped(tx).insertInto(this.table).values(this.columns.encode(record)).execute()
  }

  /** @returns false when a unique index has the row's values already */
  async insertUnlessTaken(record: Decoded<C>, tx: Queries): Promise<boolean> {
    const inserted = await untyped(tx)
      .insertInto(this.table)
      .values(this.columns.encode(record))
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    return inserted !== undefined
  }

  /** @returns the changed row, or undefined when there is none with this id */
  async update(id: string, changes: Partial<Decoded<C>>, tx: Queries): Promise<Decoded<C> | undefined> {
    const values = this.columns.encode(changes)
    if (Object.keys(values).length === 0) return this.find(id, tx)
    const row = await untyped(tx)
      .updateTable(this.table)
      .set(values)
      .where('instance_id', '=', this.instanceId)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
    return row && this.decode(row)
  }

  /** @returns the row that was there, or undefined */
  async delete(id: string, tx: Queries): Promise<Decoded<C> | undefined> {
    const row = await untyped(tx)
      .deleteFrom(this.table)
      .where('instance_id', '=', this.instanceId)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
    return row && this.decode(row)
  }

  /** One page of all rows, newest first. */
  async newest({ limit, offset }: { limit: number; offset: number }): Promise<Decoded<C>[]> {
    const rows = await untyped(this.queries)
      .selectFrom(this.table)
      .selectAll()
      .where('instance_id', '=', this.instanceId)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .offset(offset)
      .execute()
    return rows.map((row) => this.decode(row))
  }

  async countAll(): Promise<number> {
    const row = await untyped(this.queries)
      .selectFrom(this.table)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('instance_id', '=', this.instanceId)
      .executeTakeFirstOrThrow()
    return Number(row.count)
  }

  /** Oldest first. */
  async listOfUser(userId: string, queries: Queries = this.queries): Promise<Decoded<C>[]> {
    const rows = await untyped(queries)
      .selectFrom(this.table)
      .selectAll()
      .where('instance_id', '=', this.instanceId)
      .where('user_id', '=', userId)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map((row) => this.decode(row))
  }

  async deleteOfUser(userId: string, tx: Queries): Promise<void> {
    await untyped(tx)
      .deleteFrom(this.table)
      .where('instance_id', '=', this.instanceId)
      .where('user_id', '=', userId)
      .execute()
  }

  protected decode(row: unknown): Decoded<C> {
    return this.columns.decode(row as Record<string, unknown>) as Decoded<C>
  }
}

/**
 * Runs the write and tells whether a unique index stood against it. The savepoint keeps the transaction usable:
 * PostgreSQL refuses everything after an error, and an update has no `on conflict`.
 */
export async function unlessTaken(tx: Queries, write: () => Promise<unknown>): Promise<boolean> {
  await sql`savepoint unless_taken`.execute(tx)
  try {
    await write()
    await sql`release savepoint unless_taken`.execute(tx)
    return true
  } catch (error) {
    await sql`rollback to savepoint unless_taken`.execute(tx)
    await sql`release savepoint unless_taken`.execute(tx)
    if (isUniqueViolation(error)) return false
    throw error
  }
}

const POSTGRES_UNIQUE_VIOLATION = '23505'

function isUniqueViolation(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  // By its text, as @photostructure/sqlite gives no number for statements that return rows.
  return (
    code === POSTGRES_UNIQUE_VIOLATION ||
    (code === 'ERR_SQLITE_ERROR' && String(message).startsWith('UNIQUE constraint failed'))
  )
}

/** For the few places that work on any table: Kysely cannot type a table known only at run time. */
// oxlint-disable-next-line no-explicit-any
export function untyped(queries: Queries): Kysely<any> {
  // oxlint-disable-next-line no-explicit-any
  return queries as unknown as Kysely<any>
}
