import type { DeleteResult } from 'kysely'
import type { Database, Queries } from './database.js'

/** A transaction of a job holds the database for a moment only. */
const AT_ONCE = 1000

/**
 * Removes many rows in several transactions.
 *
 * @param part removes at most so many of them; the last one removes fewer
 */
export async function removeInParts(
  database: Database,
  part: (queries: Queries, limit: number) => Promise<DeleteResult>,
): Promise<void> {
  for (;;) {
    const { numDeletedRows } = await database.transaction((queries) => part(queries, AT_ONCE))
    if (numDeletedRows < AT_ONCE) return
  }
}
