import { sql, type RawBuilder } from 'kysely'
import type { Database } from './database.js'
import type { Schema } from './schema.js'

/** A transaction holds the database for a moment only. */
const AT_ONCE = 1000

interface Old {
  table: keyof Schema
  /** The column of the time, which an index must serve. */
  by: string
  /** Unix milliseconds: rows of an earlier time are removed. */
  before: number
  /** Only rows of this status. */
  status?: string
}

/** Removes the old rows of a table, of all instances: as many transactions as it takes, the oldest rows first. */
export async function removeInParts(database: Database, { table, by, before, status }: Old): Promise<void> {
  const ofStatus = status === undefined ? sql`` : sql`status = ${status} and`
  const time = sql.ref(by)
  await remove(database, table, sql`where ${ofStatus} ${time} < ${before} order by ${time}`)
}

interface Owned {
  table: keyof Schema
  /** The column that names the owner, and the one that an index has behind it. */
  of: string
  by: string
  /** The owner. */
  id: string
}

/**
 * Removes what belongs to a row that is to be deleted, the newest first. Deleting it with a million rows would hold the
 * database until they are gone.
 */
export async function removeOwnedInParts(database: Database, { table, of, by, id }: Owned): Promise<void> {
  await remove(database, table, sql`where ${sql.ref(of)} = ${id} order by ${sql.ref(by)} desc`)
}

async function remove(database: Database, table: keyof Schema, which: RawBuilder<unknown>): Promise<void> {
  const rows = sql.table(table)
  const part = sql`delete from ${rows} where id in (select id from ${rows} ${which} limit ${sql.lit(AT_ONCE)})`
  for (;;) {
    const { numAffectedRows } = await database.transaction((queries) => part.execute(queries))
    if (Number(numAffectedRows) < AT_ONCE) return
  }
}
