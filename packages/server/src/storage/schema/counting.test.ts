import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { dialects, newDatabase } from '../../server.test-support.js'
import type { Database, Dialect } from '../database.js'
import { openDatabase } from '../open-database.js'
import { rowCounts } from '../row-counts.table.js'
import { bare, integer, nullable, reference, text, type Counting, type Table } from '../table.js'
import { compareSchemas, describeChange } from './changes.js'
import { describeTables } from './describe.js'
import { planMigration } from './plan.js'
import { readSchema } from './read.js'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const instances = bare('instances', { id: text }, { primaryKey: ['id'] })
const boxes = (counted: readonly Counting[], size: typeof integer | ReturnType<typeof nullable<number>> = integer) =>
  bare(
    'boxes',
    { id: text, instanceId: reference('instances'), colour: text, size, hiddenAt: nullable(integer) },
    { primaryKey: ['id'], counted },
  )
const whole: Counting = {}
const byColour: Counting = { by: ['colour'], where: 'hidden_at is null' }

describe.each(dialects)('a counted table (%s)', (dialect) => {
  it('is counted from the migration on that says so, with the rows that it has', async () => {
    const database = await open(dialect)
    await migrateTo(database, [instances, rowCounts, boxes([])])
    await run(database, "insert into instances values ('i')", "insert into instances values ('j')")
    await fill(database, ['i', 'red'], ['i', 'red'], ['i', 'blue'], ['j', 'red'])
    expect(await counts(database)).toEqual({})

    const plan = await migrateTo(database, [instances, rowCounts, boxes([whole])])
    expect(plan.additive).toBe(true)
    expect(await counts(database)).toEqual({ 'i ': 3, 'j ': 1 })
    await fill(database, ['j', 'green'])
    await run(database, "delete from boxes where instance_id = 'i' and colour = 'red'")
    expect(await counts(database)).toEqual({ 'i ': 1, 'j ': 2 })
  })

  it('is counted by other columns from the migration on that says so, and not once nothing says so', async () => {
    const database = await open(dialect)
    await migrateTo(database, [instances, rowCounts, boxes([whole])])
    await run(database, "insert into instances values ('i')")
    await fill(database, ['i', 'red'], ['i', 'red'], ['i', 'blue'])
    await run(database, "update boxes set hidden_at = 1 where colour = 'blue'")

    const plan = await migrateTo(database, [instances, rowCounts, boxes([whole, byColour])])
    // A program of before would read other numbers.
    expect(plan.additive).toBe(false)
    expect(await counts(database)).toEqual({ 'i ': 3, 'i red': 2 })
    await run(database, "update boxes set colour = 'green' where colour = 'red'", "update boxes set colour = 'green'")
    expect(await counts(database)).toEqual({ 'i ': 3, 'i green': 2 })
    await run(database, 'delete from instances')
    expect(await counts(database)).toEqual({})

    await migrateTo(database, [instances, rowCounts, boxes([])])
    await run(database, "insert into instances values ('i')")
    await fill(database, ['i', 'red'])
    expect(await counts(database)).toEqual({})
  })

  it('keeps its numbers when it is rebuilt, and goes on counting', async () => {
    const database = await open(dialect)
    await migrateTo(database, [instances, rowCounts, boxes([whole, byColour])])
    await run(database, "insert into instances values ('i')")
    await fill(database, ['i', 'red'], ['i', 'blue'])
    await migrateTo(database, [instances, rowCounts, boxes([whole, byColour], nullable(integer))])
    expect(await counts(database)).toEqual({ 'i ': 2, 'i red': 1, 'i blue': 1 })
    await fill(database, ['i', 'red'])
    expect(await counts(database)).toEqual({ 'i ': 3, 'i red': 2, 'i blue': 1 })
  })

  it('is told from one whose trigger is another, or gone', async () => {
    const database = await open(dialect)
    const defined = [instances, rowCounts, boxes([whole])]
    await migrateTo(database, defined)
    const differences = async () =>
      compareSchemas(await readSchema(database), describeTables(dialect, defined)).map((change) =>
        describeChange(change).replace(/:.*/, ''),
      )
    expect(await differences()).toEqual([])
    await run(
      database,
      dialect === 'sqlite' ? 'drop trigger boxes_counted_removed' : 'drop trigger boxes_counted_removed on boxes',
      dialect === 'sqlite'
        ? "create trigger boxes_other after delete on boxes begin delete from row_counts where counted = 'boxes'; end"
        : 'create trigger boxes_other after delete on boxes for each statement execute function boxes_counted_removed()',
    )
    expect(await differences()).toEqual([
      'Trigger boxes_other of boxes is not defined',
      'Trigger boxes_counted_removed of boxes is missing',
    ])
  })
})

async function open(dialect: Dialect): Promise<Database> {
  const { location, drop } = await newDatabase(dialect)
  cleanups.push(drop)
  const database = await openDatabase({ location })
  cleanups.push(() => database.close())
  return database
}

async function migrateTo(database: Database, tables: readonly Table[]) {
  const defined = describeTables(database.dialect, tables)
  const answers = { renames: {}, recreated: [], defaults: {}, breaking: false }
  const plan = planMigration(database.dialect, await readSchema(database), defined, answers)
  await run(database, ...plan.statements)
  expect(compareSchemas(await readSchema(database), defined).map(describeChange)).toEqual([])
  return plan
}

function run(database: Database, ...statements: readonly string[]): Promise<void> {
  return database.transaction(async (queries) => {
    for (const statement of statements) await sql.raw(statement).execute(queries)
  })
}

let made = 0
function fill(database: Database, ...rows: readonly [instance: string, colour: string][]): Promise<void> {
  const values = rows.map(([instance, colour]) => `('box ${made++}', '${instance}', '${colour}', 1, null)`)
  return run(database, `insert into boxes (id, instance_id, colour, size, hidden_at) values ${values.join(', ')}`)
}

async function counts({ read }: Database): Promise<Record<string, number>> {
  const { rows } = await sql<{ key: string; count: number }>`
    select instance_id || ' ' || part as key, sum(count) as count from row_counts
    group by instance_id, part having sum(count) <> 0`.execute(read)
  return Object.fromEntries(rows.map(({ key, count }) => [key, Number(count)]))
}
