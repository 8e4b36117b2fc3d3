import fc from 'fast-check'
import { sql } from 'kysely'
import { afterEach, expect, it } from 'vitest'
import type { Database } from '../database.js'
import { openDatabase } from '../open-database.js'
import { bare, integer, nullable, reference, sequence, text } from '../table.js'
import { describeTables } from './describe.js'
import { rebuildTable } from './rebuild-sqlite.js'
import { createIndex, createTable } from './statements.js'

let database: Database | undefined
afterEach(() => database?.close())

const people = bare(
  'people',
  { id: text, bossId: nullable(reference('people', 'set null')), name: text },
  { primaryKey: ['id'], indexes: { people_name: { on: ['name', 'id'] } } },
)
const pets = bare('pets', { id: text, personId: reference('people') }, { primaryKey: ['id'] })
const toys = bare('toys', { id: text, petId: reference('pets') }, { primaryKey: ['id'] })
const notes = bare('notes', { id: text, personId: nullable(reference('people', 'set null')) }, { primaryKey: ['id'] })
const visits = bare('visits', { sequence, id: text, at: integer }, { primaryKey: ['sequence'] })
const shape = describeTables('sqlite', [people, pets, toys, notes, visits])

const rebuildPeople = rebuildTable({
  table: 'people',
  to: shape['people']!,
  values: { id: 'id', boss_id: 'boss_id', name: 'name' },
  indexes: ['people_name'],
  isReferenced: true,
})

// Each row's number is the row above that it references; 0 stands for null, or for the first where null is not allowed.
const rowsOf = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 10 })

it('rows that reference those of a rebuilt table survive, and are still deleted with them', async () => {
  await fc.assert(
    fc.asyncProperty(rowsOf, rowsOf, rowsOf, rowsOf, async (bosses, owners, petsOfToys, subjects) => {
      const test = (database = await openTables())
      const at = (count: number, to: number) => to % count
      await apply(test, [
        ...bosses.map((boss, n) => {
          const above = boss === 0 ? 'null' : `'person ${at(n + 1, boss)}'`
          return `insert into people values ('person ${n}', ${above}, 'Name ''${n}')`
        }),
        ...owners.map((owner, n) => `insert into pets values ('pet ${n}', 'person ${at(bosses.length, owner)}')`),
        ...petsOfToys.map((pet, n) => `insert into toys values ('toy ${n}', 'pet ${at(owners.length, pet)}')`),
        ...subjects.map((subject, n) => {
          const person = subject === 0 ? 'null' : `'person ${at(bosses.length, subject)}'`
          return `insert into notes values ('note ${n}', ${person})`
        }),
      ])
      const before = await allRows(test)
      await apply(test, rebuildPeople)
      expect(await allRows(test)).toEqual(before)
      // Once more on the same connection: the pragma counts for one transaction only.
      await apply(test, rebuildPeople)
      expect(await allRows(test)).toEqual(before)
      expect(await rows(test, 'pragma foreign_key_check')).toEqual([])
      await expect(apply(test, ["insert into pets values ('stray', 'nobody')"])).rejects.toThrow('FOREIGN KEY')
      await apply(test, ['delete from people'])
      expect(await allRows(test)).toEqual([[], [], [], before[3]!.map((note) => ({ ...note, person_id: null }))])
      await test.close()
      database = undefined
    }),
    { numRuns: 25 },
  )
})

it('nothing changes when a row that is referenced does not come back', async () => {
  const test = (database = await openTables())
  await apply(test, [
    "insert into people values ('a', null, 'A'), ('b', null, 'B')",
    "insert into pets values ('p', 'a'), ('q', 'b')",
  ])
  const before = await allRows(test)
  const losing = rebuildPeople.map((statement) => statement.replace(/from people$/, "from people where id <> 'b'"))
  await expect(apply(test, losing)).rejects.toThrow('FOREIGN KEY')
  expect(await allRows(test)).toEqual(before)
})

it.each([true, false])('numbers go on from the highest that was ever given (referenced: %s)', async (isReferenced) => {
  const test = (database = await openTables())
  await apply(test, [
    "insert into visits (id, at) values ('a', 1), ('b', 2), ('c', 3)",
    "delete from visits where id <> 'a'",
    ...rebuildTable({
      table: 'visits',
      to: shape['visits']!,
      values: { sequence: 'sequence', id: 'id', at: 'at' },
      indexes: [],
      isReferenced,
    }),
    "insert into visits (id, at) values ('d', 4)",
  ])
  expect(await rows(test, 'select sequence, id from visits order by sequence')).toEqual([
    { sequence: 1, id: 'a' },
    { sequence: 4, id: 'd' },
  ])
  expect(await rows(test, 'select name from sqlite_sequence')).toEqual([{ name: 'visits' }])
})

async function openTables(): Promise<Database> {
  const opened = await openDatabase({ location: ':memory:' })
  await apply(
    opened,
    Object.entries(shape).flatMap(([table, definition]) => [
      createTable('sqlite', table, definition),
      ...Object.entries(definition.indexes).map(([index, of]) => createIndex(table, index, of)),
    ]),
  )
  return opened
}

function apply(opened: Database, statements: readonly string[]): Promise<void> {
  return opened.transaction(async (tx) => {
    for (const statement of statements) await sql.raw(statement).execute(tx)
  })
}

function allRows(opened: Database): Promise<Record<string, unknown>[][]> {
  return Promise.all([people, pets, toys, notes].map(({ name }) => rows(opened, `select * from ${name} order by id`)))
}

async function rows(opened: Database, query: string): Promise<Record<string, unknown>[]> {
  return (await sql.raw<Record<string, unknown>>(query).execute(opened.read)).rows.map((row) => ({ ...row }))
}
