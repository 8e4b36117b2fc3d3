/**
 * The database cannot be used now: it is down, full, read-only, or did not answer within its deadline. Nothing was
 * done, or nobody knows; the caller can try again.
 */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'

  constructor(
    message: string,
    /** Of the system, PostgreSQL or SQLite. */
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/**
 * Of PostgreSQL: connection lost (08), out of disk, memory or connections (53), stopped or starting (57P), a deadline
 * passed (57014, 55P03, 25P03), a standby that takes no writes (25006), its files cannot be read or written (58030).
 */
const POSTGRES = /^(08...|53...|57P0[1-5]|57014|55P03|25P03|25006|58030)$/
const SYSTEM = /^E[A-Z]{3,}$/
/** Errors of the driver that have no code. */
const LOST = /^(Connection terminated|Client (has encountered a connection error|was closed))/

/** @returns the error as `DatabaseUnavailable` if it says that, else as it is */
export function readPostgresError(error: unknown): unknown {
  const { code = '', message } = error as { code?: string; message: string }
  if (typeof code !== 'string' || error instanceof DatabaseUnavailable) return error
  if (POSTGRES.test(code) || SYSTEM.test(code)) return new DatabaseUnavailable(message, code, { cause: error })
  return LOST.test(message) ? new DatabaseUnavailable(message, 'ECONNRESET', { cause: error }) : error
}

/** By their texts, since `@photostructure/sqlite` gives no error number for statements that return rows. */
const SQLITE =
  /^(database or disk is full|disk I\/O error|attempt to write a readonly database|unable to open database file)/
const LOCKED = /^(database (table |schema )?is locked)/

/** Whether somebody else has a lock on the file. */
export function isLocked(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return code === 'ERR_SQLITE_ERROR' && LOCKED.test(String(message))
}

/** @returns the error as `DatabaseUnavailable` if it says that, else as it is */
export function readSqliteError(error: unknown): unknown {
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (code !== 'ERR_SQLITE_ERROR' || !(SQLITE.test(String(message)) || isLocked(error))) return error
  return new DatabaseUnavailable(String(message), code, { cause: error })
}
