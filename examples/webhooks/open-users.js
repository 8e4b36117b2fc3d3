/**
 * Opens the table of users where `DATABASE` says.
 *
 * @param {string} database `postgres://…`, or the file of a SQLite database
 */
export async function openUsers(database) {
  const isPostgres = /^postgres(ql)?:/.test(database)
  const { openUsers: open } = await import(isPostgres ? './users-postgres.js' : './users.js')
  return open(database)
}
