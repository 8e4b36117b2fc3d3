import { CommandError } from './command-error.js'
import { type DatabaseLocation, describeDatabase } from './database-location.js'

/** Codes of the system, of PostgreSQL and of SQLite: the database refuses, the program is not at fault. */
const REFUSALS = /^(E[A-Z]+|[0-9A-Z]{5}|ERR_SQLITE_ERROR)$/

/** Says of a database that cannot be reached or read what it is and why. */
export async function opening<T>(location: DatabaseLocation, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string }
    if (typeof code !== 'string' || !REFUSALS.test(code)) throw error
    throw new CommandError(`The database ${describeDatabase(location)} cannot be opened: ${message || code}`)
  }
}
