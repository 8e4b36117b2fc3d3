import { existsSync } from 'node:fs'
import { loadSqlite, type SqliteConnection } from './sqlite-module.js'
import { requireWholeLog } from './write-ahead-log.js'

/** The database has tables of another program where Latchkey's would be. */
export class ForeignDatabaseError extends Error {
  override readonly name = 'ForeignDatabaseError'

  constructor(what: string) {
    super(`${what} Name another with --database.`)
  }
}

/** What the table of applied migrations has in all versions. Tables of this name are common. */
const HISTORY = ['name', 'applied_at']

/** Whether a table that is called as ours is the one of Latchkey. */
export function isHistory(columns: readonly string[]): boolean {
  return HISTORY.every((column) => columns.includes(column))
}

/**
 * Reads only: a file of another program stays as it is.
 *
 * @throws {ForeignDatabaseError}
 */
export function refuseForeign(connection: SqliteConnection, place: string): void {
  const tables = connection
    .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\'")
    .all()
    .map((row) => (row as { name: string }).name)
  if (tables.length === 0) return
  const columns = connection
    .prepare("select name from pragma_table_info('schema_migrations')")
    .all()
    .map((row) => (row as { name: string }).name)
  if (!isHistory(columns)) throw new ForeignDatabaseError(`${place} is a database of another program.`)
}

/**
 * Of a file that is about to be replaced: a damaged one may be, and what cannot be read is nobody else's.
 *
 * @throws {ForeignDatabaseError}
 */
export async function refuseForeignFile(file: string): Promise<void> {
  if (!existsSync(file)) return
  let connection: SqliteConnection | undefined
  try {
    // To open a file with a damaged log and close it again could remove the log.
    await requireWholeLog(file)
    connection = new (loadSqlite().DatabaseSync)(file, { readOnly: true })
    refuseForeign(connection, file)
  } catch (error) {
    if (error instanceof ForeignDatabaseError) throw error
  } finally {
    connection?.close()
  }
}
