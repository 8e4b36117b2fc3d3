import pg from 'pg'

/** How long the id of a delivery is kept: longer than any sender retries. */
const REMEMBERED = '30 days'

/** An arbitrary number. Two programs that start at once would both create the tables. */
const SCHEMA_LOCK = 4_711
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS deliveries (id TEXT PRIMARY KEY, received_at TIMESTAMPTZ NOT NULL DEFAULT now());
  CREATE TABLE IF NOT EXISTS users (
    id TEXT PRIMARY KEY, email TEXT, first_name TEXT, last_name TEXT,
    updated_at BIGINT NOT NULL, deleted BOOLEAN NOT NULL DEFAULT false
  );
  CREATE TABLE IF NOT EXISTS cursors (name TEXT PRIMARY KEY, cursor TEXT NOT NULL);
`
const SAVE = `
  INSERT INTO users (id, email, first_name, last_name, updated_at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (id) DO UPDATE SET email = excluded.email, first_name = excluded.first_name, last_name = excluded.last_name, updated_at = excluded.updated_at
  WHERE excluded.updated_at >= users.updated_at AND NOT users.deleted
`
const REMOVE = `
  INSERT INTO users (id, updated_at, deleted) VALUES ($1, 0, true)
  ON CONFLICT (id) DO UPDATE SET email = NULL, first_name = NULL, last_name = NULL, deleted = true
`

/**
 * The same table as in `users.js`, on PostgreSQL: several processes may receive at once.
 *
 * @param {string} url `postgres://…`
 */
export async function openUsers(url) {
  const pool = new pg.Pool({ connectionString: url })

  /** Everything in the body happens, or nothing. */
  async function transaction(body) {
    const client = await pool.connect()
    try {
      await client.query('BEGIN')
      const result = await body(client)
      await client.query('COMMIT')
      return result
    } catch (error) {
      await client.query('ROLLBACK')
      throw error
    } finally {
      client.release()
    }
  }

  const save = (client, { id, email_addresses: addresses, primary_email_address_id: primary, ...data }) => {
    const email = addresses.find((address) => address.id === primary)?.email_address ?? null
    return client.query(SAVE, [id, email, data.first_name, data.last_name, data.updated_at])
  }

  await transaction(async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [SCHEMA_LOCK])
    await client.query(SCHEMA)
  })

  return {
    /** As in `users.js`. Of two that receive the same delivery at once, the second waits for the first. */
    receive: (deliveryId, { type, data }) =>
      transaction(async (client) => {
        const remembered = await client.query('INSERT INTO deliveries (id) VALUES ($1) ON CONFLICT DO NOTHING', [
          deliveryId,
        ])
        const isNew = remembered.rowCount > 0
        if (isNew && (type === 'user.created' || type === 'user.updated')) await save(client, data)
        else if (isNew && type === 'user.deleted') await client.query(REMOVE, [data.id])
        await client.query('DELETE FROM deliveries WHERE received_at < now() - $1::interval', [REMEMBERED])
        return isNew
      }),

    /** @type {import('@latchkey/backend/webhooks').SyncStore} */
    store: {
      cursor: async () => (await pool.query("SELECT cursor FROM cursors WHERE name = 'users'")).rows[0]?.cursor,
      apply: (changes, cursor) =>
        transaction(async (client) => {
          for (const { id, row } of changes) await (row ? save(client, row) : client.query(REMOVE, [id]))
          if (cursor === undefined) return
          const write = `INSERT INTO cursors (name, cursor) VALUES ('users', $1) ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor`
          await client.query(write, [cursor])
        }),
      keepOnly: (_, ids) =>
        transaction(async (client) => {
          const { rows } = await client.query('SELECT id FROM users WHERE NOT deleted')
          for (const { id } of rows) if (!ids.has(id)) await client.query(REMOVE, [id])
        }),
    },

    list: async () => {
      const columns = 'id, email, first_name AS "firstName", last_name AS "lastName"'
      return (await pool.query(`SELECT ${columns} FROM users WHERE NOT deleted ORDER BY id`)).rows
    },
    close: () => pool.end(),
  }
}
