import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** A SQLite database with a current schema, opened to be filled as fast as it goes: a crash may cost all of it. */
export function openForFilling(location) {
  const { DatabaseSync } = require(
    Number(process.versions.node.split('.')[0]) >= 24 ? 'node:sqlite' : '@photostructure/sqlite',
  )
  const db = new DatabaseSync(location)
  db.exec('pragma journal_mode = wal; pragma synchronous = off; pragma cache_size = -262144')
  return db
}
