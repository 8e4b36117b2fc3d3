import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { tables } from '../compose/tables.js'
import { dialects, newDatabase } from '../server.test-support.js'
import { migrate } from './migrate.js'
import { openDatabase } from './open-database.js'
import { compareSchemas, describeChange } from './schema/changes.js'
import { describeTables } from './schema/describe.js'
import { readSchema } from './schema/read.js'
import { snakeCase, type Table } from './table.js'

const sources = fileURLToPath(new URL('..', import.meta.url))
const files = readdirSync(sources, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.table.ts'))
  .map((file) => join(sources, file))

describe.each(dialects)('the definitions (%s)', (dialect) => {
  // Fails after a change of a definition: `npm run migration -- NAME` writes the migration for it.
  it('are what the migrations make of an empty database', async () => {
    const { location, drop } = await newDatabase(dialect)
    const database = await openDatabase({ location })
    try {
      await migrate(database, 1)
      const changes = compareSchemas(await readSchema(database), describeTables(dialect, tables))
      expect(changes.map(describeChange)).toEqual([])
    } finally {
      await database.close()
      await drop()
    }
  })
})

describe('the list of tables', () => {
  it('has every table that a file defines', async () => {
    const defined = (await Promise.all(files.map(tablesOf))).flatMap((exports) => [...exports.values()])
    expect(defined.map(({ name }) => name).sort()).toEqual(tables.map(({ name }) => name).sort())
    expect(new Set(defined)).toEqual(new Set(tables))
  })

  it('has a table for every key of `Schema`, which the same file defines', async () => {
    const keys: string[] = []
    for (const file of files) {
      const exports = await tablesOf(file)
      const body = /interface Schema \{(.*?)\}/s.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
      for (const [, key, exported] of body.matchAll(/(\w+): RowOf<typeof (\w+)>/g)) {
        expect(exports.get(exported!)?.name, `${key} in ${file}`).toBe(key)
        keys.push(key!)
      }
    }
    expect(keys.sort()).toEqual(tables.map(({ name }) => name).sort())
  })

  it('has each table after those it references', () => {
    const names = tables.map(({ name }) => name)
    for (const [at, { name, columns }] of tables.entries()) {
      for (const { references } of Object.values(columns))
        if (references) expect(names.slice(0, at + 1), `${name} references it`).toContain(references.table)
    }
  })

  it('has primary keys and indexes over columns of their tables, each index under a name of its own', () => {
    const indexes = tables.flatMap(({ names, primaryKey, indexes: own }) => {
      for (const column of [...primaryKey, ...Object.values(own).flatMap(({ on }) => on)])
        expect(names).toContain(column)
      return Object.keys(own)
    })
    expect(new Set(indexes).size).toBe(indexes.length)
  })

  it('names columns as in SQL', () => {
    for (const { columns, names } of tables) expect(names).toEqual(Object.keys(columns).map(snakeCase))
  })
})

/** The tables that a file exports, by the names of the exports. */
async function tablesOf(file: string): Promise<Map<string, Table>> {
  const exports = (await import(pathToFileURL(file).href)) as Record<string, unknown>
  return new Map(
    Object.entries(exports).filter((entry): entry is [string, Table] => {
      const [, value] = entry
      return typeof value === 'object' && value !== null && 'primaryKey' in value && 'columns' in value
    }),
  )
}
