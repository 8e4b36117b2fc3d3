import { sql } from 'kysely'
import type { Database, Dialect, Queries } from './database.js'
import { ForeignDatabaseError, isHistory } from './foreign.js'
import { migrations } from './migrations/index.js'
import type { Migration } from './migrations/migration.js'
import { writeStatistics } from './sqlite-statistics.js'

/** An arbitrary number, the same on every node. */
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
        ? `The database needs ${few(migrations)} first. Run "latchkey migrate".`
        : `The database was migrated by a newer version of Latchkey (${migrations.join(', ')}). Upgrade this one.`,
    )
  }
}

/** Names a few, and of many the first and the last: the message stays a line. */
function few(migrations: readonly string[]): string {
  if (migrations.length <= 3) return `these migrations: ${migrations.join(', ')},`
  return `${migrations.length} migrations, ${migrations[0]} to ${migrations.at(-1)},`
}

/**
 * Applies the missing migrations, in one transaction under a lock: of several nodes that start at once, one migrates.
 *
 * @returns the names of the migrations it applied
 * @throws {SchemaError} `ahead` when the schema is newer than the program, by more than additive migrations
 */
export async function migrate(database: Database, now: number): Promise<string[]> {
  return database.patient.transaction(async (tx) => {
    if (database.dialect === 'postgres') await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(tx)
    await prepareHistory(tx, database.dialect)
    const missing = missingMigrations(await readHistory(tx))
    for (const migration of missing) {
      for (const statement of migration.statements(database.dialect)) await sql.raw(statement).execute(tx)
      const row = { name: migration.name, applied_at: now, additive: migration.additive ? 1 : 0 }
      await tx.insertInto('schema_migrations').values(row).execute()
    }
    if (database.dialect === 'sqlite' && missing.length > 0) await writeStatistics(tx)
    return missing.map(({ name }) => name)
  })
}

/** @throws {SchemaError} when the schema is older than the program, or newer by more than additive migrations */
export async function requireCurrentSchema(database: Database): Promise<void> {
  const missing = missingMigrations(await readHistory(database.read))
  if (missing.length > 0)
    throw new SchemaError(
      'behind',
      missing.map(({ name }) => name),
    )
}

/** Creates the table of applied migrations, or adds the column that it lacked in the first versions. */
async function prepareHistory(tx: Queries, dialect: Dialect): Promise<void> {
  const integer = dialect === 'sqlite' ? 'integer' : 'bigint'
  const additive = `additive ${integer} not null default 0`
  const columns = await historyColumns(tx)
  if (!columns)
    await sql
      .raw(`create table schema_migrations (name text primary key, applied_at ${integer} not null, ${additive})`)
      .execute(tx)
  else if (!columns.includes('additive'))
    await sql.raw(`alter table schema_migrations add column ${additive}`).execute(tx)
}

interface Applied {
  name: string
  additive: number
}

/** The applied migrations; empty on a new database. */
async function readHistory(queries: Queries): Promise<Applied[]> {
  const columns = await historyColumns(queries)
  if (!columns) return []
  const applied = queries.selectFrom('schema_migrations').select('name')
  if (columns.includes('additive')) return applied.select('additive').execute()
  return (await applied.execute()).map(({ name }) => ({ name, additive: 0 }))
}

/** Undefined if there is no table yet. */
async function historyColumns(queries: Queries): Promise<string[] | undefined> {
  const tables = await queries.introspection.getTables()
  const named = tables.filter(({ name }) => name === 'schema_migrations')
  if (named.length === 0) return undefined
  // Other schemas of a PostgreSQL database may have a table of this name. SQLite has no schemas.
  const current = named.some(({ schema }) => schema !== undefined) ? await currentSchema(queries) : undefined
  const columns = named.find(({ schema }) => schema === current)?.columns.map(({ name }) => name)
  if (columns && !isHistory(columns)) {
    throw new ForeignDatabaseError('The table schema_migrations of this database is one of another program.')
  }
  return columns
}

async function currentSchema(queries: Queries): Promise<string> {
  const { rows } = await sql<{ schema: string }>`select current_schema() as schema`.execute(queries)
  return rows[0]!.schema
}

function missingMigrations(history: readonly Applied[]): readonly Migration[] {
  const applied = new Set(history.map(({ name }) => name))
  const known = new Set(migrations.map(({ name }) => name))
  const unknown = history.filter(({ name, additive }) => !known.has(name) && additive !== 1).map(({ name }) => name)
  if (unknown.length > 0) throw new SchemaError('ahead', unknown)
  return migrations.filter(({ name }) => !applied.has(name))
}
