import { CommandError } from './command-error.js'
import { type DatabaseLocation, describeDatabase } from './database-location.js'
import { reasonOf } from './refusal.js'

/** Error codes of the system, PostgreSQL and SQLite that mean: the database refused, and the program has no bug. */
const REFUSALS = /^(E[A-Z]+|[0-9A-Z]{5}|ERR_SQLITE_ERROR)$/

/** If the database cannot be reached or read, throws an error that names the database and the reason. */
export async function opening<T>(location: DatabaseLocation, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (typeof code !== 'string' || !REFUSALS.test(code)) throw error
    throw new CommandError(`The database ${describeDatabase(location)} cannot be opened: ${reasonOf(error)}`)
  }
}
