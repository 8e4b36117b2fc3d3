import { systemClock } from '../kernel/runtime.js'
import { openDatabase } from './open-database.js'
import { migrate } from './migrate.js'
import { migrations } from './migrations/index.js'

export interface MigrateOptions {
  /** A path or `postgres://…`. */
  database: string
}

/**
 * Brings the schema of a database up to date and closes it again.
 *
 * @returns the names of the migrations it applied, and of those after which older programs cannot use the database: none,
 *   if it had no schema before, which `wasEmpty` says
 */
export async function migrateDatabase({
  database: location,
}: MigrateOptions): Promise<{ applied: string[]; breaking: string[]; wasEmpty: boolean }> {
  const database = await openDatabase({ location })
  try {
    const applied = await migrate(database, systemClock.now())
    const additive = new Set(migrations.filter((migration) => migration.additive).map(({ name }) => name))
    const wasEmpty = applied.includes(migrations[0]!.name)
    return { applied, wasEmpty, breaking: wasEmpty ? [] : applied.filter((name) => !additive.has(name)) }
  } finally {
    await database.close()
  }
}
