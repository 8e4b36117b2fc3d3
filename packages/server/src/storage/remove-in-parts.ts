import { sql } from 'kysely'
import type { Database } from './database.js'
import type { Schema } from './schema.js'

/** A transaction of a job holds the database for a moment only. */
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
  const [rows, time] = [sql.table(table), sql.ref(by)]
  const ofStatus = status === undefined ? sql`` : sql`status = ${status} and`
  const part = sql`delete from ${rows} where id in (
    select id from ${rows} where ${ofStatus} ${time} < ${before} order by ${time} limit ${sql.lit(AT_ONCE)}
  )`
  for (;;) {
    const { numAffectedRows } = await database.transaction((queries) => part.execute(queries))
    if (Number(numAffectedRows) < AT_ONCE) return
  }
}
