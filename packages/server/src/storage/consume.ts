import { hash } from 'node:crypto'
import { sql } from 'kysely'
import { boundedCache } from '../kernel/bounded-cache.js'
import type { Consume, Counted, Refusal } from '../kernel/limits.js'
import type { Clock } from '../kernel/runtime.js'
import type { Database } from './database.js'

/** The most keys that are counted in memory. Beyond that, the least recently used ones are dropped. */
const KEYS_IN_MEMORY = 100_000

/** Windows are fixed: the first call of a key opens one, and at its end counting begins again. */
interface Window {
  count: number
  /** Unix milliseconds. */
  resetAt: number
}

type Digested = Counted & { digest: string }

/** Where windows are, by the digests of their keys. */
interface Windows {
  /** Those that are open, of some keys. */
  read(digests: readonly string[], now: number): Promise<Map<string, Window>>
  /** Counts a call for each key, and opens the windows that are not open. @returns all of them */
  count(counted: readonly Digested[], now: number): Promise<Map<string, Window>>
}

/** Counts what rate limits allow: in memory on SQLite, which serves one process; in the database on PostgreSQL, for all nodes. */
export function createConsume(database: Database, clock: Clock): Consume {
  const windows = database.dialect === 'sqlite' ? windowsInMemory() : windowsInDatabase(database)
  return async (...rules) => {
    const now = clock.now()
    // A key may hold what a caller sent, of any length: its digest is short, and fits an index of PostgreSQL.
    const counted = rules.map((rule) => ({ ...rule, digest: hash('sha256', rule.key, 'base64url') }))
    // What a single rule refuses uses nothing up: its window ends when it ends.
    if (counted.length > 1) {
      const digests = counted.map(({ digest }) => digest)
      const refused = refusal(counted, await windows.read(digests, now), { now, coming: 1 })
      if (refused) return refused
    }
    return refusal(counted, await windows.count(counted, now), { now, coming: 0 })
  }
}

function windowsInMemory(): Windows {
  const windows = boundedCache<Window>(KEYS_IN_MEMORY)
  const open = (digest: string, now: number) => {
    const window = windows.get(digest)
    return window && window.resetAt > now ? window : undefined
  }
  return {
    async read(digests, now) {
      return new Map(
        digests.flatMap((digest) => {
          const window = open(digest, now)
          return window ? [[digest, window]] : []
        }),
      )
    },
    async count(counted, now) {
      return new Map(
        counted.map(({ digest, windowSeconds }) => {
          const { count, resetAt } = open(digest, now) ?? { count: 0, resetAt: now + windowSeconds * 1000 }
          const window = { count: count + 1, resetAt }
          windows.set(digest, window)
          return [digest, window]
        }),
      )
    },
  }
}

/** Not among the transactions: where those are blocked, reads go on. */
function windowsInDatabase({ read: queries }: Database): Windows {
  const byDigest = (rows: readonly { key: string; count: number; reset_at: number }[]) =>
    new Map(rows.map(({ key, count, reset_at: resetAt }) => [key, { count, resetAt }]))
  return {
    async read(digests, now) {
      const open = queries.selectFrom('rate_limits').where('key', 'in', digests).where('reset_at', '>', now)
      return byDigest(await open.selectAll().execute())
    },
    // One statement counts and returns the counts, so that two nodes never both allow the last call.
    async count(counted, now) {
      const isOver = sql<boolean>`rate_limits.reset_at <= ${now}`
      const rows = counted.map(({ digest, windowSeconds }) => ({
        key: digest,
        count: 1,
        reset_at: now + windowSeconds * 1000,
      }))
      const after = queries
        .insertInto('rate_limits')
        // In one order everywhere: two nodes that lock the same rows never wait for each other.
        .values(rows.toSorted((a, b) => (a.key < b.key ? -1 : 1)))
        .onConflict((conflict) =>
          conflict.column('key').doUpdateSet({
            count: sql`case when ${isOver} then 1 else rate_limits.count + 1 end`,
            reset_at: sql`case when ${isOver} then excluded.reset_at else rate_limits.reset_at end`,
          }),
        )
        .returningAll()
      return byDigest(await after.execute())
    },
  }
}

/** @param coming calls that the windows do not contain yet */
function refusal(
  counted: readonly Digested[],
  windows: ReadonlyMap<string, Window>,
  { now, coming }: { now: number; coming: number },
): Refusal | undefined {
  const full = counted.flatMap(({ key, digest, max }) => {
    const window = windows.get(digest)
    return window && window.count + coming > max ? [{ key, resetAt: window.resetAt }] : []
  })
  if (full.length === 0) return undefined
  const wait = Math.max(...full.map(({ resetAt }) => resetAt)) - now
  return { retryAfterSeconds: Math.max(1, Math.ceil(wait / 1000)), reached: full.map(({ key }) => key) }
}

/** Removes the windows that have ended. */
export async function removeEndedWindows(database: Database, now: number): Promise<void> {
  await database.transaction((tx) => tx.deleteFrom('rate_limits').where('reset_at', '<=', now).execute())
}
