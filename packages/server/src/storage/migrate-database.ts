import { systemClock } from '../kernel/runtime.js'
import { openDatabase } from './open-database.js'
import { migrate } from './migrate.js'

export interface MigrateOptions {
  /** A path or `postgres://…`. */
  database: string
}

/** Brings the schema of a database up to date and closes it again. */
export async function migrateDatabase({ database: location }: MigrateOptions): Promise<{ applied: string[] }> {
  const database = await openDatabase({ location })
  try {
    return { applied: await migrate(database, systemClock.now()) }
  } finally {
    await database.close()
  }
}
