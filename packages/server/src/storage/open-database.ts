import type { Database, DatabaseOptions } from './database.js'
import { openSqlite } from './sqlite.js'

export async function openDatabase({ location, poolSize = 8, timeout = 5000 }: DatabaseOptions): Promise<Database> {
  if (!/^postgres(ql)?:\/\//.test(location)) return openSqlite(location, { timeout })
  // Its driver is loaded only if it is used: without it, a server on SQLite starts sooner and takes less memory.
  const { openPostgres } = await import('./postgres.js')
  return openPostgres(location, { poolSize, timeout })
}
