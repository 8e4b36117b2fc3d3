import type { Logger } from '../kernel/runtime.js'
import type { Database } from './database.js'

/** Ready means that a write succeeded within this, in milliseconds. */
const READY_WITHIN = 1000

/** Tells whether the database takes writes. Calls during a write wait for that one: anybody may ask, and each write is a sync to the disk. */
export function readiness({ database, logger }: { database: Database; logger: Logger }): () => Promise<boolean> {
  let underWay: Promise<void> | undefined
  const write = () => {
    underWay ??= database
      .transaction(async (tx) => {
        await tx
          .updateTable('schema_migrations')
          .set((eb) => ({ applied_at: eb.ref('applied_at') }))
          .execute()
      })
      .finally(() => {
        underWay = undefined
      })
    return underWay
  }
  return async () => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`The database took no write within ${READY_WITHIN} ms`)), READY_WITHIN)
    })
    try {
      await Promise.race([write(), late])
      return true
    } catch (error) {
      logger.error({ err: error }, 'Not ready')
      return false
    } finally {
      clearTimeout(timer)
    }
  }
}
