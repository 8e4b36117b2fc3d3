import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { dialects, newDatabase } from '../server.test-support.js'
import { migrate, requireCurrentSchema } from './migrate.js'
import { openDatabase } from './open-database.js'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function openWith(...statements: string[]) {
  const { location, drop } = await newDatabase('postgres')
  cleanups.push(drop)
  const database = await openDatabase({ location })
  cleanups.push(() => database.close())
  for (const statement of statements) await database.transaction((tx) => sql.raw(statement).execute(tx))
  return database
}

describe.runIf(dialects.includes('postgres'))('a PostgreSQL database that other programs use', () => {
  it('may have their tables beside those of Latchkey', async () => {
    const database = await openWith('create table notes (id text)')
    expect(await migrate(database, 1)).not.toEqual([])
    await requireCurrentSchema(database)
  })

  it('may have their migrations in another schema', async () => {
    const database = await openWith('create schema auth', 'create table auth.schema_migrations (version text)')
    expect(await migrate(database, 1)).not.toEqual([])
    await requireCurrentSchema(database)
    expect(await migrate(database, 1)).toEqual([])
  })

  it('is refused where their migrations have the place of ours', async () => {
    const database = await openWith('create table schema_migrations (version text primary key)')
    const said = 'The table schema_migrations of this database is one of another program. Name another with --database.'
    await expect(migrate(database, 1)).rejects.toThrow(said)
    await expect(requireCurrentSchema(database)).rejects.toThrow(said)
  })
})
