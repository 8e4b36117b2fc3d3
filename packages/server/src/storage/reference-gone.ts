/** By their texts, since SQLite's driver gives no error number, and PostgreSQL's is also that of a deletion. */
const SQLITE = /^FOREIGN KEY constraint failed/
const POSTGRES = /^insert or update on table "\w+" violates foreign key constraint/

/** Whether a new row refers to one that somebody else has deleted since it was looked up. */
export function isReferenceGone(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  if (code === 'ERR_SQLITE_ERROR') return SQLITE.test(String(message))
  return code === '23503' && POSTGRES.test(String(message))
}
