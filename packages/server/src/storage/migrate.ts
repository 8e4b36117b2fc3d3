import { sql } from 'kysely'
import type { Database, Queries } from './database.js'
import { migrations } from './migrations/index.js'

/** Any number: what counts is that every node takes the same. */
const MIGRATION_LOCK = 7_236_104

/** The database's schema is not the one this program was written for. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError'

  constructor(
    /** `behind`: migrations are missing. `ahead`: a newer program has migrated it. */
    readonly code: 'behind' | 'ahead',
    readonly migrations: readonly string[],
  ) {
    super(
      code === 'behind'
        ? `The database needs these migrations first: ${migrations.join(', ')}. Run "latchkey migrate".`
        : `The database was migrated by a newer version of Latchkey (${migrations.join(', ')}). Upgrade this one.`,
    )
  }
}

/**
 * Applies what is missing, in one transaction under a lock: of several nodes starting at once, one migrates.
 *
 * @returns the names of the migrations it applied
 * @throws {SchemaError} `ahead` when the schema is newer than the program
 */
export async function migrate(database: Database, now: number): Promise<string[]> {
  return database.transaction(async (tx) => {
    if (database.dialect === 'postgres') await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(tx)
    await sql
      .raw(
        `create table if not exists schema_migrations (name text primary key, applied_at ${database.dialect === 'sqlite' ? 'integer' : 'bigint'} not null)`,
      )
      .execute(tx)
    const missing = await missingMigrations(tx)
    for (const migration of missing) {
      for (const statement of migration.statements(database.dialect)) await sql.raw(statement).execute(tx)
      await tx.insertInto('schema_migrations').values({ name: migration.name, applied_at: now }).execute()
    }
    return missing.map((migration) => migration.name)
  })
}

/** @throws {SchemaError} when the schema is older or newer than the program */
export async function requireCurrentSchema(database: Database): Promise<void> {
  const [table] = await database.read.introspection
    .getTables()
    .then((tables) => tables.filter(({ name }) => name === 'schema_migrations'))
  const missing = table ? await missingMigrations(database.read) : migrations
  if (missing.length > 0)
    throw new SchemaError(
      'behind',
      missing.map(({ name }) => name),
    )
}

async function missingMigrations(queries: Queries) {
  const applied = new Set(
    (await queries.selectFrom('schema_migrations').select('name').execute()).map(({ name }) => name),
  )
  const known = new Set(migrations.map(({ name }) => name))
  const unknown = [...applied].filter((name) => !known.has(name))
  if (unknown.length > 0) throw new SchemaError('ahead', unknown)
  return migrations.filter(({ name }) => !applied.has(name))
}
