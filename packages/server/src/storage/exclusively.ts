import { sql } from 'kysely'
import type { Database, Queries } from './database.js'

/** An arbitrary number, the same on every node. */
const LOCK = 7_236_105

/**
 * Runs the body while no other node runs one: of several nodes that start at once with a seed, one applies it first. A
 * SQLite file has one server only.
 */
export async function exclusively<T>(database: Database, body: () => Promise<T>): Promise<T> {
  if (!database.apart) return body()
  // The lock ends with a transaction, not with a session, which PgBouncer may not keep. The transaction stays open on a
  // connection apart: bodies that wait for their turn must not take the connections that the running body needs.
  return database.apart(async (tx) => {
    await takeTurn(database, tx)
    return body()
  })
}

/** From here to its end the transaction has the turn: others that ask for it wait. On SQLite every transaction has it. */
export async function takeTurn({ dialect }: Pick<Database, 'dialect'>, queries: Queries): Promise<void> {
  if (dialect === 'postgres') await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(queries)
}
