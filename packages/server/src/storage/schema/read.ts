import type { Database } from '../database.js'
import { readPostgres } from './read-postgres.js'
import { readSqlite } from './read-sqlite.js'
import type { SchemaShape } from './shape.js'

/** The tables of a database, as committed. */
export function readSchema({ dialect, read }: Pick<Database, 'dialect' | 'read'>): Promise<SchemaShape> {
  return dialect === 'sqlite' ? readSqlite(read) : readPostgres(read)
}
