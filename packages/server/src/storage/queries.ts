import { sql } from 'kysely'
import type { Queries } from './database.js'

/**
 * Runs the write and returns whether all unique indexes accepted it. The savepoint keeps the transaction usable:
 * PostgreSQL refuses everything after an error, and an update has no `on conflict`.
 */
export async function unlessTaken(queries: Queries, write: () => Promise<unknown>): Promise<boolean> {
  await sql`savepoint unless_taken`.execute(queries)
  try {
    await write()
    await sql`release savepoint unless_taken`.execute(queries)
    return true
  } catch (error) {
    await sql`rollback to savepoint unless_taken`.execute(queries)
    await sql`release savepoint unless_taken`.execute(queries)
    if (isUniqueViolation(error)) return false
    throw error
  }
}

const POSTGRES_UNIQUE_VIOLATION = '23505'

function isUniqueViolation(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  // Recognized by its text, since @photostructure/sqlite gives no error number for statements that return rows.
  return (
    code === POSTGRES_UNIQUE_VIOLATION ||
    (code === 'ERR_SQLITE_ERROR' && String(message).startsWith('UNIQUE constraint failed'))
  )
}
