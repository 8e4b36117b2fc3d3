import { randomBytes } from 'node:crypto'
import type { Logger } from '../kernel/runtime.js'
import type { Database } from './database.js'

/** Ready means that a read and a write succeeded within this, in milliseconds. */
const READY_WITHIN = 1000

/** Characters that the write adds. On SQLite several pages, which a full disk has no room for. */
const WRITTEN = { sqlite: 16 * 1024, postgres: 0 }

/**
 * Tells whether the database does what requests need: it reads whole rows on a connection for reads, and writes on one
 * for transactions. Calls during a look wait for that one: anybody may ask, and each write is a sync to the disk.
 */
export function readiness({ database, logger }: { database: Database; logger: Logger }): () => Promise<boolean> {
  // Of this process only: nodes never wait for each other here.
  const key = `ready ${randomBytes(8).toString('hex')} ${'-'.repeat(WRITTEN[database.dialect])}`
  let underWay: Promise<void> | undefined
  const look = () => {
    underWay ??= use(database, key).finally(() => {
      underWay = undefined
    })
    return underWay
  }
  return async () => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`The database did not answer within ${READY_WITHIN} ms`)), READY_WITHIN)
    })
    try {
      await Promise.race([look(), late])
      return true
    } catch (error) {
      logger.error({ err: error }, 'Not ready')
      return false
    } finally {
      clearTimeout(timer)
    }
  }
}

async function use(database: Database, key: string): Promise<void> {
  // Selected by a parameter, as requests do: such a statement is prepared.
  await database.read.selectFrom('instances').selectAll().where('is_default', '=', 1).limit(1).execute()
  await database.transaction((tx) =>
    tx
      .insertInto('rate_limits')
      .values({ key, count: 0, reset_at: 0 })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute(),
  )
  await database.transaction((tx) => tx.deleteFrom('rate_limits').where('key', '=', key).execute())
}
