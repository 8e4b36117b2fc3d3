import pg from 'pg'

/** Runs one statement about databases, in a connection of its own: none of them can be in a transaction. */
export async function administer(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
