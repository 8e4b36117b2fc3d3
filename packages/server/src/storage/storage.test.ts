import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { dialects, newDatabase } from '../server.test-support.js'
import type { Database } from './database.js'
import { openDatabase } from './open-database.js'
import { migrate, requireCurrentSchema, SchemaError } from './migrate.js'
import { migrations } from './migrations/index.js'
import { unlessTaken } from './queries.js'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** Opens a database of the kind, and again as another node would. */
async function open(kind: 'file' | 'memory' | 'postgres'): Promise<{ database: Database; again(): Promise<Database> }> {
  let location = ':memory:'
  if (kind === 'file') {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-test-'))
    cleanups.push(() => rmSync(folder, { recursive: true }))
    location = join(folder, 'test.db')
  }
  if (kind === 'postgres') {
    const made = await newDatabase('postgres')
    cleanups.push(made.drop)
    location = made.location
  }
  const again = async () => {
    const database = await openDatabase({ location })
    cleanups.push(() => database.close())
    return database
  }
  return { database: await again(), again }
}

const kinds = dialects.flatMap((dialect) =>
  dialect === 'sqlite' ? (['file', 'memory'] as const) : (['postgres'] as const),
)

describe.each(kinds)('a database (%s)', (kind) => {
  const count = async (database: Database) =>
    (await database.read.selectFrom('schema_migrations').selectAll().execute()).length
  const add = (database: Database, name: string) =>
    database.transaction((tx) => tx.insertInto('schema_migrations').values({ name, applied_at: 1 }).execute())

  it('is migrated once, however many start at once', async () => {
    const { database, again } = await open(kind)
    await expect(requireCurrentSchema(database)).rejects.toMatchObject({
      code: 'behind',
      migrations: migrations.map(({ name }) => name),
    })
    const nodes = kind === 'postgres' ? await Promise.all([again(), again(), again()]) : [database]
    const applied = await Promise.all(nodes.map((node) => migrate(node, 1)))
    expect(applied.flat()).toEqual(migrations.map(({ name }) => name))
    await requireCurrentSchema(database)
    expect(await migrate(database, 2)).toEqual([])
  })

  it('is refused when a newer program has migrated it', async () => {
    const { database } = await open(kind)
    await migrate(database, 1)
    await add(database, '9999-from-the-future')
    await expect(migrate(database, 2)).rejects.toBeInstanceOf(SchemaError)
    await expect(requireCurrentSchema(database)).rejects.toMatchObject({
      code: 'ahead',
      migrations: ['9999-from-the-future'],
    })
  })

  it('takes back what a failed transaction wrote, and only that, of many that begin at once', async () => {
    const { database } = await open(kind)
    await migrate(database, 0)
    const before = await count(database)
    for (const fails of [
      new Set<number>(),
      new Set([0]),
      new Set([19]),
      new Set([3, 4, 11]),
      new Set(Array(20).keys()),
    ]) {
      const round = `${[...fails].join(' ')} fail`
      const runs: number[] = Array.from({ length: 20 }, () => 0)
      const outcomes = await Promise.allSettled(
        runs.map((_, index) =>
          database.transaction(async (tx) => {
            runs[index]! += 1
            await tx
              .insertInto('schema_migrations')
              .values({ name: `${round} ${index}`, applied_at: index })
              .execute()
            if (fails.has(index)) throw new Error(`${index} failed`)
            return index
          }),
        ),
      )
      expect(outcomes).toEqual(
        runs.map((_, index) =>
          fails.has(index)
            ? { status: 'rejected', reason: new Error(`${index} failed`) }
            : { status: 'fulfilled', value: index },
        ),
      )
      const rows = await database.read
        .selectFrom('schema_migrations')
        .select('name')
        .where('name', 'like', `${round} %`)
        .execute()
      expect(rows.map(({ name }) => name).toSorted()).toEqual(
        runs.flatMap((_, index) => (fails.has(index) ? [] : [`${round} ${index}`])).toSorted(),
      )
      // Nobody makes others work more than once again, however many fail.
      expect(Math.max(...runs)).toBeLessThanOrEqual(2)
    }
    expect(await count(database)).toBe(before + 20 + 19 + 19 + 17)
  })

  it('never shows what is not committed', async () => {
    const { database } = await open(kind)
    await migrate(database, 1)
    const before = await count(database)
    let seen = -1
    const reading: Promise<void>[] = []
    const failed = database.transaction(async (tx) => {
      await tx.insertInto('schema_migrations').values({ name: 'unseen', applied_at: 1 }).execute()
      reading.push(count(database).then((found) => void (seen = found)))
      await sql`select 1`.execute(tx)
      throw new Error('back')
    })
    await expect(failed).rejects.toThrow('back')
    await Promise.all(reading)
    expect(seen).toBe(before)
  })

  it('goes on in a transaction after a unique index stood against a write', async () => {
    const { database } = await open(kind)
    await migrate(database, 1)
    await add(database, 'taken')
    const taken = await database.transaction(async (tx) => {
      const free = await unlessTaken(tx, () =>
        tx.insertInto('schema_migrations').values({ name: 'taken', applied_at: 1 }).execute(),
      )
      await tx.insertInto('schema_migrations').values({ name: 'after', applied_at: 1 }).execute()
      return free
    })
    expect(taken).toBe(false)
    expect(
      await database.read.selectFrom('schema_migrations').select('name').where('name', '=', 'after').execute(),
    ).toHaveLength(1)
  })

  it.runIf(kind === 'postgres')(
    'keeps a bounded number of statements prepared, however many shapes queries have',
    async () => {
      const { database } = await open(kind)
      await database.transaction(async (tx) => {
        for (let shape = 0; shape < 600; shape++) await sql`select ${1}::int as ${sql.id(`shape_${shape}`)}`.execute(tx)
        const { rows } = await sql<{ count: number }>`select count(*) as count from pg_prepared_statements`.execute(tx)
        expect(rows[0]!.count).toBe(500)
      })
    },
  )

  it('refuses a transaction inside a transaction', async () => {
    const { database } = await open(kind)
    await migrate(database, 1)
    await expect(database.transaction((tx) => tx.transaction().execute(async () => 1))).rejects.toThrow()
  })
})
