import { sql } from 'kysely'
import type { Database } from './database.js'

/** An arbitrary number, the same on every node. */
const LOCK = 7_236_105

/**
 * Runs the body while no other node runs one: of several nodes that start at once with a seed, one applies it first. A
 * SQLite file has one server only.
 */
export async function exclusively<T>(database: Database, body: () => Promise<T>): Promise<T> {
  if (database.dialect === 'sqlite') return body()
  // A lock of the transaction, which stays open on a connection of its own: PgBouncer may know no sessions.
  return database.patient.transaction(async (tx) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(tx)
    return body()
  })
}
