import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { dialects, newDatabase } from '../../server.test-support.js'
import type { Database, Dialect } from '../database.js'
import { openDatabase } from '../open-database.js'
import { bare, bytes, integer, json, nullable, reference, sequence, text, type Table } from '../table.js'
import { compareSchemas, describeChange } from './changes.js'
import { describeTables } from './describe.js'
import { planMigration, type Answers, type Plan } from './plan.js'
import { readSchema } from './read.js'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const noAnswers: Answers = { renames: {}, recreated: [], defaults: {}, breaking: false }
const id = { primaryKey: ['id'] }

const before = [
  bare(
    'authors',
    { id: text, name: nullable(text), born: nullable(integer), legacy: nullable(text) },
    {
      ...id,
      indexes: { authors_name: { on: ['name', 'id'], nullsFirst: true }, authors_legacy: { on: ['legacy'] } },
    },
  ),
  bare(
    'books',
    { id: text, authorId: reference('authors'), isbn: text, cover: nullable(bytes) },
    {
      ...id,
      indexes: { books_isbn: { on: ['isbn'], unique: true, where: "isbn <> '' and cover is not null" } },
    },
  ),
  bare(
    'loans',
    { sequence, id: text, bookId: reference('books') },
    {
      primaryKey: ['sequence'],
      indexes: { loans_id: { on: ['id'], unique: true } },
    },
  ),
  bare('visits', { authorId: reference('authors'), day: integer }, { primaryKey: ['authorId', 'day'] }),
  bare('drafts', { id: text, authorId: reference('authors') }, id),
]
const after = [
  bare(
    'authors',
    { id: text, name: text, born: nullable(integer), country: text, notes: nullable(json()) },
    {
      ...id,
      indexes: { authors_name: { on: ['name'] }, authors_born: { on: ['born'], unique: true } },
    },
  ),
  bare(
    'titles',
    { id: text, authorId: nullable(reference('authors', 'set null')), isbn: text, cover: nullable(bytes) },
    {
      ...id,
      indexes: { titles_isbn: { on: ['isbn'], unique: true, where: "isbn <> '' and cover is not null" } },
    },
  ),
  bare(
    'loans',
    { sequence, id: text, bookId: reference('titles') },
    {
      primaryKey: ['sequence'],
      indexes: { loans_id: { on: ['id'], unique: true } },
    },
  ),
  bare(
    'visits',
    { authorId: reference('authors'), day: integer, pages: nullable(integer) },
    {
      primaryKey: ['authorId', 'day'],
    },
  ),
  bare('prizes', { id: text, authorId: nullable(reference('authors')) }, id),
]
const answers: Answers = {
  renames: { books: 'titles' },
  recreated: [],
  defaults: { 'authors.name': "O'Nobody", 'authors.country': 'UK' },
  breaking: false,
}

describe.each(dialects)('a planned migration (%s)', (dialect) => {
  it('makes what is defined and keeps rows, also of tables that reference one that changes', async () => {
    const database = await databaseWith(dialect, before)
    await apply(database, [
      "insert into authors values ('a', 'Ada', 1815, 'x'), ('b', null, null, null)",
      "insert into books values ('c', 'a', '1', null), ('d', 'b', '2', null)",
      "insert into loans (id, book_id) values ('e', 'c'), ('f', 'd')",
      "insert into visits values ('b', 1)",
      "insert into drafts values ('g', 'a')",
    ])
    const plan = await migrateTo(database, after, answers)
    expect(plan.additive).toBe(false)
    expect(await rows(database, 'select id, name, born, country, notes from authors order by id')).toEqual([
      { id: 'a', name: 'Ada', born: 1815, country: 'UK', notes: null },
      { id: 'b', name: "O'Nobody", born: null, country: 'UK', notes: null },
    ])
    expect(await rows(database, 'select id, author_id, isbn from titles order by id')).toEqual([
      { id: 'c', author_id: 'a', isbn: '1' },
      { id: 'd', author_id: 'b', isbn: '2' },
    ])
    expect(await rows(database, 'select sequence, id, book_id from loans order by id')).toEqual([
      { sequence: 1, id: 'e', book_id: 'c' },
      { sequence: 2, id: 'f', book_id: 'd' },
    ])
    expect(await rows(database, 'select author_id, day, pages from visits')).toEqual([
      { author_id: 'b', day: 1, pages: null },
    ])
    await expect(
      apply(database, ["insert into authors (id, name) values ('h', 'Without a country')"]),
    ).rejects.toThrow()
    await apply(database, ["delete from authors where id = 'a'"])
    expect(await rows(database, "select author_id from titles where id = 'c'")).toEqual([{ author_id: null }])

    // And back, in a second transaction of the same connection.
    await migrateTo(database, before, {
      ...noAnswers,
      renames: { titles: 'books' },
      defaults: { 'books.author_id': 'b' },
    })
    expect(await rows(database, 'select id, book_id from loans order by id')).toHaveLength(2)
    await apply(database, ["delete from authors where id = 'b'"])
    expect(await rows(database, 'select * from loans')).toEqual([])
  })

  it('knows which changes are additive', async () => {
    const [authors, ...others] = before as [(typeof before)[0], ...Table[]]
    const from = describeTables(dialect, before)
    const more = { primaryKey: ['id'], indexes: authors.indexes }
    const plan = (tables: readonly Table[], given: Partial<Answers> = {}) =>
      planMigration(dialect, from, describeTables(dialect, tables), { ...noAnswers, ...given })
    const wider = bare(
      'authors',
      { ...authors.columns, notes: nullable(text), country: text },
      {
        ...more,
        indexes: { ...authors.indexes, authors_country: { on: ['country'] } },
      },
    )
    const defaults = { 'authors.country': 'UK' }
    expect(() => plan([wider, ...others])).toThrow('--default authors.country=VALUE')
    expect(plan([wider, ...others], { defaults })).toMatchObject({ additive: true, breaking: [] })
    expect(plan([wider, ...others], { defaults, breaking: true })).toMatchObject({ additive: false, breaking: [] })
    expect(plan(before)).toEqual({ summary: [], additive: true, breaking: [], statements: [] })
    expect(() => plan(before, { defaults })).toThrow('authors.country')
    expect(plan([authors, ...others.slice(0, -1)]).breaking).toEqual(['Table drafts is not defined'])
    const unique = bare('authors', authors.columns, {
      ...more,
      indexes: { ...authors.indexes, authors_born: { on: ['born'], unique: true } },
    })
    expect(plan([unique, ...others]).breaking).toEqual(['Index authors_born is missing: unique on authors (born)'])

    // A program of the version before goes on writing rows without the column.
    const database = await databaseWith(dialect, before)
    await migrateTo(database, [wider, ...others], { ...noAnswers, defaults })
    await apply(database, ["insert into authors (id, name) values ('a', 'Ada')"])
    expect(await rows(database, 'select country from authors')).toEqual([{ country: 'UK' }])
  })

  it('refuses what it cannot write', () => {
    const from = describeTables(dialect, before)
    const plan = (tables: readonly Table[], given: Partial<Answers>) =>
      planMigration(dialect, from, describeTables(dialect, tables), { ...noAnswers, ...given })
    expect(() => plan(before, { recreated: ['books'] })).toThrow('Table books is referenced by other tables')
    expect(() => plan(before, { renames: { books: 'loans' } })).toThrow('There is a table loans already')
    expect(() => plan(before, { renames: { papers: 'books' } })).toThrow('There is no table papers')
    const visits = bare('visits', { authorId: reference('authors'), day: text }, { primaryKey: ['authorId', 'day'] })
    expect(() => plan([...before.slice(0, 3), visits, before[4]!], {})).toThrow(
      'This has to be written by hand: Column visits.day is integer not null, defined as text not null',
    )
  })
})

describe('reading a database', () => {
  it.runIf(dialects.includes('postgres'))('tells columns that PostgreSQL would compare by a language', async () => {
    const database = await databaseWith('postgres', [])
    await apply(database, ['create table drafts (id text primary key, pages int not null, on_paper boolean)'])
    const draft = bare('drafts', { id: text, pages: integer }, id)
    expect(await differences(database, [draft])).toEqual([
      `Column drafts.id is PostgreSQL's text collate "default" not null, defined as text not null`,
      `Column drafts.pages is PostgreSQL's integer not null, defined as integer not null`,
      'Column drafts.on_paper is not defined',
    ])
  })

  it.runIf(dialects.includes('sqlite'))('tells tables of SQLite that are not STRICT', async () => {
    const database = await databaseWith('sqlite', [])
    await apply(database, ['create table drafts (id text primary key)'])
    expect(await differences(database, [bare('drafts', { id: text }, id)])).toEqual([
      'Column drafts.id is text (the table is not STRICT) not null, defined as text not null',
    ])
  })
})

async function databaseWith(dialect: Dialect, tables: readonly Table[]): Promise<Database> {
  const { location, drop } = await newDatabase(dialect)
  const database = await openDatabase({ location })
  cleanups.push(drop, () => database.close())
  await migrateTo(database, tables, noAnswers)
  return database
}

async function migrateTo(database: Database, tables: readonly Table[], given: Answers): Promise<Plan> {
  const defined = describeTables(database.dialect, tables)
  const plan = planMigration(database.dialect, await readSchema(database), defined, given)
  await apply(database, plan.statements)
  expect(await differences(database, tables)).toEqual([])
  return plan
}

async function differences(database: Database, tables: readonly Table[]): Promise<string[]> {
  return compareSchemas(await readSchema(database), describeTables(database.dialect, tables)).map(describeChange)
}

function apply(database: Database, statements: readonly string[]): Promise<void> {
  return database.transaction(async (tx) => {
    for (const statement of statements) await sql.raw(statement).execute(tx)
  })
}

async function rows(database: Database, query: string): Promise<unknown[]> {
  return (await sql.raw(query).execute(database.read)).rows.map((row) => ({ ...(row as object) }))
}
