import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { root } from '../../../../scripts/setup.mjs'
import { tables } from '../compose/tables.js'
import { dialects, newDatabase } from '../server.test-support.js'
import type { Database, Dialect, Queries } from './database.js'
import { migrate, requireCurrentSchema } from './migrate.js'
import { initial } from './migrations/0001-initial.js'
import { migrations } from './migrations/index.js'
import { rowsAtInitial } from './migrations.test-support.js'
import { openDatabase } from './open-database.js'
import { readSchema } from './schema/read.js'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const names = migrations.map(({ name }) => name)

/** The row as it is once its table has the nullable columns that came later. */
function addNulls(name: string, row: Record<string, unknown>): Record<string, unknown> {
  const table = tables.find((one) => one.name === name)!
  const isNullable = Object.values(table.columns).map(({ nullable }) => nullable)
  const added = table.names.filter((column, at) => !(column in row) && isNullable[at])
  return { ...Object.fromEntries(added.map((column) => [column, null])), ...row }
}

describe.each(dialects)('migrations (%s)', (dialect) => {
  it('keep what a database has since the first', async () => {
    const database = await openAtInitial(dialect)
    const before = await allRows(database)
    await expect(requireCurrentSchema(database)).rejects.toMatchObject({ code: 'behind', migrations: names.slice(1) })
    expect(await migrate(database, 2)).toEqual(names.slice(1))
    await requireCurrentSchema(database)

    const { secret_keys: secretKeys, events, verifications: _, user_counts: ____, ...same } = before
    const { delivered_at: __, ...event } = events![0]!
    expect(await allRows(database)).toEqual({
      ...Object.fromEntries(tables.map(({ name }) => [name, []])),
      ...Object.fromEntries(Object.entries(same).map(([name, rows]) => [name, rows.map((row) => addNulls(name, row))])),
      email_addresses: [{ ...same['email_addresses']![0], mailbox: 'ada@example.com' }],
      domains: [
        {
          id: 'dmn_ins_1',
          instance_id: 'ins_1',
          created_at: 1_700_000_000_000,
          updated_at: 1_700_000_000_000,
          name: 'test.example',
          is_satellite: 0,
          frontend_host: 'test.example',
          proxy_url: null,
        },
      ],
      sessions: [addNulls('sessions', { ...same['sessions']![0], password_compromised: 0, has_second_factor: 0 })],
      secrets: [addNulls('secrets', { ...secretKeys![0], kind: 'secret_key' })],
      events: [addNulls('events', event)],
      verifications: [],
      audit_entries: [],
      rate_limits: [],
      row_counts: expect.any(Array),
    })
    const counts = await rowsOf(database.read, 'row_counts')
    expect(counts.map(({ counted, part, slot, count }) => [counted, part, slot, count]).sort()).toEqual([
      ['clients', '', 0, 1],
      ['sessions', '', 0, 1],
      ['users', '', 0, 1],
    ])
    expect(await rowsOf(database.read, 'schema_migrations')).toEqual(
      migrations.map(({ name, additive }, at) => ({ name, applied_at: at === 0 ? 1 : 2, additive: additive ? 1 : 0 })),
    )
  })

  it('keep the search index of users', async () => {
    const database = await openAtInitial(dialect)
    await migrate(database, 2)
    const found = await (
      dialect === 'sqlite'
        ? sql`select user_id from user_search_index where user_search_index match 'lovelace'`
        : sql`select user_id from user_search where name like '%lovelace%'`
    ).execute(database.read)
    expect(found.rows).toEqual([{ user_id: rowsAtInitial.users.id }])
  })

  it.each([
    ['a password that others may know', sql`update users set password_compromised = 1`, [1, 0]],
    ['an authenticator app', sql`update users set totp_secret = 'sealed'`, [0, 1]],
    [
      'a number as second factor',
      sql`update phone_numbers set reserved_for_second_factor = 1, verification_status = 'verified'`,
      [0, 1],
    ],
    ['a number that is not verified', sql`update phone_numbers set reserved_for_second_factor = 1`, [0, 0]],
  ])('note beside sessions that their users have %s', async (_, given, noted) => {
    const database = await openAtInitial(dialect)
    await database.transaction((tx) => given.execute(tx))
    await migrate(database, 2)
    const [session] = await rowsOf(database.read, 'sessions')
    expect([session!['password_compromised'], session!['has_second_factor']].map(Number)).toEqual(noted)
  })

  it('never let a number of the outbox be given twice', async () => {
    const database = await openAtInitial(dialect)
    const [before] = await rowsOf(database.read, 'events')
    await database.transaction((tx) => sql`delete from events`.execute(tx))
    const { delivered_at: _, ...event } = rowsAtInitial.events
    await migrate(database, 2)
    await database.transaction((tx) => insert(tx, 'events', event))
    const [after] = await rowsOf(database.read, 'events')
    expect(Number(after!['sequence'])).toBeGreaterThan(Number(before!['sequence']))
  })

  it('are applied once by three programs that start on an empty database at once', async () => {
    const program = join(root, `.build/migrate-database-${process.pid}.mjs`)
    cleanups.push(() => rmSync(program))
    await build({
      stdin: {
        contents: `import { migrateDatabase } from './migrate-database.js'
          console.log(JSON.stringify(await migrateDatabase({ database: process.argv[2] })))`,
        resolveDir: import.meta.dirname,
        loader: 'ts',
      },
      outfile: program,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
    })
    const location = await newLocation(dialect)
    const start = () => promisify(execFile)(process.execPath, [program, location])
    const applied = (await Promise.all([start(), start(), start()])).map(
      ({ stdout }) => (JSON.parse(stdout) as { applied: string[] }).applied,
    )
    expect(applied.flat()).toEqual(names)
    await requireCurrentSchema(await open(location))
  })

  it('are let pass when they are additive and unknown, as after a rollback', async () => {
    const database = await open(await newLocation(dialect))
    await migrate(database, 1)
    const note = (name: string, additive: number) =>
      database.transaction((tx) => insert(tx, 'schema_migrations', { name, applied_at: 1, additive }))
    await note('9998-additive', 1)
    expect(await migrate(database, 2)).toEqual([])
    await requireCurrentSchema(database)

    await note('9999-breaking', 0)
    const refusal = { name: 'SchemaError', code: 'ahead', migrations: ['9999-breaking'] }
    await expect(migrate(database, 2)).rejects.toMatchObject(refusal)
    await expect(requireCurrentSchema(database)).rejects.toMatchObject(refusal)
  })

  it('are refused when they are unknown in a database that does not say which are additive', async () => {
    const database = await openAtInitial(dialect)
    await database.transaction((tx) => insert(tx, 'schema_migrations', { name: '9999-breaking', applied_at: 1 }))
    const refusal = { code: 'ahead', migrations: ['9999-breaking'] }
    await expect(requireCurrentSchema(database)).rejects.toMatchObject(refusal)
    await expect(migrate(database, 2)).rejects.toMatchObject(refusal)
  })
})

/** A database as the version that had only the first migration left it, with one row in every table. */
async function openAtInitial(dialect: Dialect): Promise<Database> {
  const database = await open(await newLocation(dialect))
  const integer = dialect === 'sqlite' ? 'integer' : 'bigint'
  await database.transaction(async (tx) => {
    await sql.raw(`create table schema_migrations (name text primary key, applied_at ${integer} not null)`).execute(tx)
    for (const statement of initial.statements(dialect)) await sql.raw(statement).execute(tx)
    await insert(tx, 'schema_migrations', { name: initial.name, applied_at: 1 })
    for (const [table, row] of Object.entries(rowsAtInitial)) await insert(tx, table, row)
  })
  for (const [table, rows] of Object.entries(await allRows(database))) expect(rows, table).toHaveLength(1)
  return database
}

async function newLocation(dialect: Dialect): Promise<string> {
  if (dialect === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-test-'))
    cleanups.push(() => rmSync(folder, { recursive: true }))
    return join(folder, 'test.db')
  }
  const { location, drop } = await newDatabase(dialect)
  cleanups.push(drop)
  return location
}

async function open(location: string): Promise<Database> {
  const database = await openDatabase({ location })
  cleanups.push(() => database.close())
  return database
}

async function insert(queries: Queries, table: string, row: Record<string, unknown>): Promise<void> {
  const columns = sql.join(Object.keys(row).map((name) => sql.ref(name)))
  const values = sql.join(Object.values(row))
  await sql`insert into ${sql.table(table)} (${columns}) values (${values})`.execute(queries)
}

async function allRows(database: Database): Promise<Record<string, Record<string, unknown>[]>> {
  const rows: Record<string, Record<string, unknown>[]> = {}
  for (const table of Object.keys(await readSchema(database))) rows[table] = await rowsOf(database.read, table)
  return rows
}

async function rowsOf(queries: Queries, table: string): Promise<Record<string, unknown>[]> {
  const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(queries)
  return rows.map((row) => ({ ...row }))
}
