import { sql } from 'kysely'
import type { Queries } from '../database.js'
import { normaliseTrigger } from './counting.js'
import { areTriggersCompared, isCompared } from './exceptions.js'
import type { ColumnShape, IndexShape, Reference, SchemaShape, TriggerShape } from './shape.js'
import { normaliseWhere } from './where.js'

/** The tables that a SQLite database has. */
export async function readSqlite(queries: Queries): Promise<SchemaShape> {
  const shape: SchemaShape = {}
  // `pragma table_list` knows which tables are STRICT, `sqlite_master` what was written.
  const { rows } = await sql<{ name: string; strict: number; sql: string }>`
    select list.name, list.strict, master.sql from pragma_table_list as list
    join sqlite_master as master on master.name = list.name and master.type = 'table'
    where list.schema = 'main' and list.name not like 'sqlite~_%' escape '~' order by list.name`.execute(queries)
  for (const table of rows.filter(({ name }) => isCompared(name))) {
    shape[table.name] = {
      ...(await readColumns(queries, table)),
      indexes: await readIndexes(queries, table.name),
      triggers: areTriggersCompared(table.name) ? await readTriggers(queries, table.name) : {},
    }
  }
  return shape
}

async function readColumns(queries: Queries, table: { name: string; strict: number; sql: string }) {
  const { rows } = await sql<{ name: string; type: string; notnull: number; pk: number; hidden: number }>`
    select name, type, "notnull", pk, hidden from pragma_table_xinfo(${table.name}) order by cid`.execute(queries)
  const references = await readReferences(queries, table.name)
  const isNumbered = /\bautoincrement\b/i.test(table.sql)
  const columns: Record<string, ColumnShape> = {}
  for (const column of rows) {
    columns[column.name] = {
      type: (isNumbered && column.pk > 0 ? 'sequence' : TYPES[column.type.toLowerCase()]) ?? `SQLite's ${column.type}`,
      // A primary key of a STRICT table is never null, but an `integer primary key` does not say so.
      nullable: column.notnull === 0 && column.pk === 0,
      references: references.get(column.name) ?? null,
    }
    if (!table.strict) columns[column.name]!.type += ' (the table is not STRICT)'
    if (column.hidden !== 0) columns[column.name]!.type += ', generated'
  }
  const primaryKey = rows.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk)
  return { columns, primaryKey: primaryKey.map(({ name }) => name) }
}

const TYPES: Record<string, string> = { text: 'text', integer: 'integer', blob: 'bytes' }

async function readReferences(queries: Queries, table: string): Promise<Map<string, Reference>> {
  const { rows } = await sql<{ from: string; table: string; to: string | null; on_update: string; on_delete: string }>`
    select "from", "table", "to", on_update, on_delete from pragma_foreign_key_list(${table})`.execute(queries)
  return new Map(
    rows.map((row) => [
      row.from,
      {
        table: row.table,
        column: row.to ?? 'the primary key',
        onDelete: row.on_delete.toLowerCase(),
        onUpdate: row.on_update.toLowerCase(),
      },
    ]),
  )
}

async function readIndexes(queries: Queries, table: string): Promise<Record<string, IndexShape>> {
  const { rows } = await sql<{ name: string; unique: number; origin: 'c' | 'u' | 'pk'; sql: string | null }>`
    select list.name, list."unique", list.origin, master.sql from pragma_index_list(${table}) as list
    join sqlite_master as master on master.name = list.name and master.type = 'index'
    order by list.name`.execute(queries)
  const indexes: Record<string, IndexShape> = {}
  for (const index of rows.filter(({ origin }) => origin !== 'pk')) {
    const where = /\)\s*where\b(.*)$/is.exec(index.sql ?? '')?.[1]
    indexes[index.name] = {
      columns: await readIndexColumns(queries, index.name),
      unique: index.unique === 1,
      where: where === undefined ? null : normaliseWhere(where),
      ...(index.origin === 'u' ? { automatic: true } : {}),
    }
  }
  return indexes
}

async function readIndexColumns(queries: Queries, index: string): Promise<string[]> {
  const { rows } = await sql<{ name: string | null; desc: number; coll: string }>`
    select name, "desc", coll from pragma_index_xinfo(${index}) where key = 1 order by seqno`.execute(queries)
  return rows.map(({ name, desc, coll }) =>
    [name ?? 'an expression', ...(coll === 'BINARY' ? [] : [`collate ${coll}`]), ...(desc ? ['desc'] : [])].join(' '),
  )
}

async function readTriggers(queries: Queries, table: string): Promise<Record<string, TriggerShape>> {
  const { rows } = await sql<{ name: string; sql: string }>`
    select name, sql from sqlite_master where type = 'trigger' and tbl_name = ${table} order by name`.execute(queries)
  return Object.fromEntries(rows.map((row) => [row.name, { text: normaliseTrigger(row.sql), create: [] }]))
}
