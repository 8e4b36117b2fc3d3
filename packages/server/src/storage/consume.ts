import { hash } from 'node:crypto'
import { sql } from 'kysely'
import { LRUCache } from 'lru-cache'
import type { Consume } from '../kernel/limits.js'
import type { Clock } from '../kernel/runtime.js'
import type { Database } from './database.js'

/** The most keys that are counted in memory. Beyond that, the least recently used ones are dropped. */
const KEYS_IN_MEMORY = 100_000

/** Counts what rate limits allow: in memory on SQLite, which serves one process; in the database on PostgreSQL, for all nodes. */
export function createConsume(database: Database, clock: Clock): Consume {
  const consume = database.dialect === 'sqlite' ? consumeInMemory(clock) : consumeInDatabase(database, clock)
  // A key may hold what a caller sent, of any length: its digest is short, and fits an index of PostgreSQL.
  return (key, rule) => consume(hash('sha256', key, 'base64url'), rule)
}

/** Windows are fixed: the first call of a key opens one, and at its end counting begins again. */
function consumeInMemory(clock: Clock): Consume {
  const windows = new LRUCache<string, { count: number; resetAt: number }>({ max: KEYS_IN_MEMORY })
  return async (key, { max, windowSeconds }) => {
    const now = clock.now()
    let window = windows.get(key)
    if (!window || window.resetAt <= now) {
      window = { count: 0, resetAt: now + windowSeconds * 1000 }
      windows.set(key, window)
    }
    window.count += 1
    return refusal(window.count, window.resetAt, max, now)
  }
}

function consumeInDatabase(database: Database, clock: Clock): Consume {
  return async (key, { max, windowSeconds }) => {
    const now = clock.now()
    const resetAt = now + windowSeconds * 1000
    const isOver = sql<boolean>`rate_limits.reset_at <= ${now}`
    // One statement counts and returns the count, so that two nodes never both allow the last call. Not among the
    // transactions: where those are blocked, reads go on.
    const row = await database.read
      .insertInto('rate_limits')
      .values({ key, count: 1, reset_at: resetAt })
      .onConflict((conflict) =>
        conflict.column('key').doUpdateSet({
          count: sql`case when ${isOver} then 1 else rate_limits.count + 1 end`,
          reset_at: sql`case when ${isOver} then ${resetAt} else rate_limits.reset_at end`,
        }),
      )
      .returning(['count', 'reset_at'])
      .executeTakeFirstOrThrow()
    return refusal(row.count, row.reset_at, max, now)
  }
}

function refusal(count: number, resetAt: number, max: number, now: number): { retryAfterSeconds: number } | undefined {
  return count > max ? { retryAfterSeconds: Math.max(1, Math.ceil((resetAt - now) / 1000)) } : undefined
}

/** Removes the windows that have ended. */
export async function removeEndedWindows(database: Database, now: number): Promise<void> {
  await database.transaction((tx) => tx.deleteFrom('rate_limits').where('reset_at', '<=', now).execute())
}
