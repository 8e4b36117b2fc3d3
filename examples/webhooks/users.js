import { DatabaseSync } from '@photostructure/sqlite'

/** How long the id of a delivery is kept, in milliseconds: longer than any sender retries. */
const REMEMBERED = 30 * 24 * 60 * 60 * 1000

/**
 * A table of users updated by webhooks. A delivery counts once, even if it is sent several times. An event older than
 * the stored state changes nothing. A deleted user stays deleted.
 *
 * @param {string} file the database file; `:memory:` for none
 */
export function openUsers(file) {
  const database = new DatabaseSync(file)
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS deliveries (id TEXT PRIMARY KEY, received_at INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS users (
      id TEXT PRIMARY KEY, email TEXT, first_name TEXT, last_name TEXT,
      updated_at INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE IF NOT EXISTS cursors (name TEXT PRIMARY KEY, cursor TEXT NOT NULL) STRICT;
  `)
  const remember = database.prepare('INSERT INTO deliveries (id, received_at) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const forget = database.prepare('DELETE FROM deliveries WHERE received_at < ?')
  const save = database.prepare(`
    INSERT INTO users (id, email, first_name, last_name, updated_at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET email = excluded.email, first_name = excluded.first_name, last_name = excluded.last_name, updated_at = excluded.updated_at
    WHERE excluded.updated_at >= users.updated_at AND NOT users.deleted
  `)
  const remove = database.prepare(`
    INSERT INTO users (id, updated_at, deleted) VALUES (?, ?, 1)
    ON CONFLICT (id) DO UPDATE SET email = NULL, first_name = NULL, last_name = NULL, deleted = 1
  `)
  const list = database.prepare(
    'SELECT id, email, first_name AS firstName, last_name AS lastName FROM users WHERE NOT deleted ORDER BY id',
  )

  const readCursor = database.prepare("SELECT cursor FROM cursors WHERE name = 'users'")
  const writeCursor = database.prepare(
    "INSERT INTO cursors (name, cursor) VALUES ('users', ?) ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor",
  )

  function saveUser(data) {
    save.run(data.id, emailOf(data), data.first_name, data.last_name, data.updated_at)
  }

  function apply({ type, data }) {
    if (type === 'user.created' || type === 'user.updated') saveUser(data)
    else if (type === 'user.deleted') remove.run(data.id, Date.now())
  }

  /** Everything in the body happens, or nothing. */
  function transaction(body) {
    database.exec('BEGIN IMMEDIATE')
    try {
      const result = body()
      database.exec('COMMIT')
      return result
    } catch (error) {
      database.exec('ROLLBACK')
      throw error
    }
  }

  return {
    /**
     * Applies a delivery and stores its id: either both or neither.
     *
     * @returns {boolean} false if the delivery was received before
     */
    receive(deliveryId, event) {
      const now = Date.now()
      return transaction(() => {
        const isNew = remember.run(deliveryId, now).changes > 0
        if (isNew) apply(event)
        forget.run(now - REMEMBERED)
        return isNew
      })
    },

    /** The same table for `syncUsers`, which asks for changes instead of being told. @type {import('@latchkey/backend/webhooks').SyncStore} */
    store: {
      cursor: async () => readCursor.get()?.cursor,
      apply: async (changes, cursor) =>
        transaction(() => {
          for (const { id, row } of changes) {
            if (row) saveUser(row)
            else remove.run(id, Date.now())
          }
          if (cursor !== undefined) writeCursor.run(cursor)
        }),
      keepOnly: async (_, ids) =>
        transaction(() => {
          for (const { id } of list.all()) if (!ids.has(id)) remove.run(id, Date.now())
        }),
    },

    list: () => list.all().map((row) => ({ ...row })),
    close: () => database.close(),
  }
}

function emailOf({ email_addresses: addresses, primary_email_address_id: primary }) {
  return addresses.find(({ id }) => id === primary)?.email_address ?? null
}
