import { sql } from 'kysely'
import type { Queries } from '../database.js'
import { normaliseTrigger } from './counting.js'
import { areTriggersCompared, isCompared, isIndexCompared } from './exceptions.js'
import type { Reference, SchemaShape } from './shape.js'
import { normaliseWhere } from './where.js'

/** The tables that the current schema of a PostgreSQL database has. */
export async function readPostgres(queries: Queries): Promise<SchemaShape> {
  const shape: SchemaShape = {}
  const references = await readReferences(queries)
  for (const column of await readColumns(queries)) {
    if (!isCompared(column.table)) continue
    const table = (shape[column.table] ??= { columns: {}, primaryKey: [], indexes: {}, triggers: {} })
    table.columns[column.name] = {
      type: typeOf(column),
      nullable: !column.not_null,
      references: references.get(`${column.table}.${column.name}`) ?? null,
    }
  }
  for (const { table, name, is_primary: isPrimary, method, ...index } of await readIndexes(queries)) {
    const found = shape[table]
    if (!found || !isIndexCompared(table, method)) continue
    if (isPrimary) found.primaryKey = index.columns
    else {
      const where = index.where === null ? null : normaliseWhere(index.where)
      found.indexes[name] = {
        columns: method === 'btree' ? index.columns : [`using ${method}`, ...index.columns],
        unique: index.unique,
        where,
        ...(index.automatic ? { automatic: true } : {}),
      }
    }
  }
  for (const { table, name, definition, source } of await readTriggers(queries)) {
    if (!areTriggersCompared(table) || !shape[table]) continue
    shape[table].triggers[name] = { text: normaliseTrigger(`${definition} ${source}`), create: [] }
  }
  return shape
}

interface CatalogColumn {
  table: string
  name: string
  type: string
  not_null: boolean
  /** Null for types that have none. */
  collation: string | null
  /** `a` for `generated always as identity`, `d` for `by default`, else empty. */
  identity: string
}

async function readColumns(queries: Queries): Promise<CatalogColumn[]> {
  const { rows } = await sql<CatalogColumn>`
    select class.relname as table, attribute.attname as name, format_type(attribute.atttypid, attribute.atttypmod) as type,
      attribute.attnotnull as not_null, pg_collation.collname as collation, attribute.attidentity as identity
    from pg_attribute as attribute
    join pg_class as class on class.oid = attribute.attrelid and class.relkind in ('r', 'p')
    left join pg_collation on pg_collation.oid = attribute.attcollation
    where class.relnamespace = current_schema()::regnamespace and attribute.attnum > 0 and not attribute.attisdropped
    order by class.relname, attribute.attnum`.execute(queries)
  return rows
}

function typeOf({ type, collation, identity }: CatalogColumn): string {
  if (type === 'text' && collation === 'C') return 'text'
  if (type === 'bigint' && identity === 'a') return 'sequence'
  if (type === 'bigint' && identity === '') return 'integer'
  if (type === 'bytea') return 'bytes'
  const collate = collation === null ? '' : ` collate "${collation}"`
  return `PostgreSQL's ${type}${collate}${identity === '' ? '' : ' with an identity'}`
}

const ACTIONS: Record<string, string> = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
}

async function readReferences(queries: Queries): Promise<Map<string, Reference>> {
  const { rows } = await sql<{
    constraint: string
    from_table: string
    from_column: string
    table: string
    column: string
    on_delete: string
    on_update: string
  }>`
    select pg_constraint.conname as constraint, child.relname as from_table, child_column.attname as from_column,
      parent.relname as table, parent_column.attname as column,
      pg_constraint.confdeltype as on_delete, pg_constraint.confupdtype as on_update
    from pg_constraint
    join pg_class as child on child.oid = pg_constraint.conrelid
    join pg_class as parent on parent.oid = pg_constraint.confrelid
    join unnest(pg_constraint.conkey, pg_constraint.confkey) as keys (from_number, number) on true
    join pg_attribute as child_column on child_column.attrelid = child.oid and child_column.attnum = keys.from_number
    join pg_attribute as parent_column on parent_column.attrelid = parent.oid and parent_column.attnum = keys.number
    where pg_constraint.contype = 'f' and child.relnamespace = current_schema()::regnamespace`.execute(queries)
  return new Map(
    rows.map((row) => [
      `${row.from_table}.${row.from_column}`,
      {
        table: row.table,
        column: row.column,
        onDelete: ACTIONS[row.on_delete]!,
        onUpdate: ACTIONS[row.on_update]!,
        constraint: row.constraint,
      },
    ]),
  )
}

interface CatalogIndex {
  table: string
  name: string
  method: string
  is_primary: boolean
  unique: boolean
  columns: string[]
  where: string | null
  automatic: boolean
}

async function readIndexes(queries: Queries): Promise<CatalogIndex[]> {
  // Bits of `indoption`: 1 for `desc`, 2 for `nulls first`. PostgreSQL quotes names that are also words of SQL, such as
  // `position`; definitions do not.
  const { rows } = await sql<CatalogIndex>`
    select class.relname as table, index_class.relname as name, pg_am.amname as method,
      pg_index.indisprimary as is_primary, pg_index.indisunique as unique,
      array(
        select regexp_replace(pg_get_indexdef(pg_index.indexrelid, number, true), '^"([a-z_0-9]+)"$', '\\1')
          || case pg_index.indoption[number - 1]
            when 1 then ' desc nulls last' when 2 then ' nulls first' when 3 then ' desc' else '' end
        from generate_series(1, pg_index.indnkeyatts) as number order by number
      ) as columns,
      pg_get_expr(pg_index.indpred, pg_index.indrelid) as where,
      exists (select from pg_constraint where conindid = pg_index.indexrelid and contype = 'u') as automatic
    from pg_index
    join pg_class as class on class.oid = pg_index.indrelid
    join pg_class as index_class on index_class.oid = pg_index.indexrelid
    join pg_am on pg_am.oid = index_class.relam
    where class.relnamespace = current_schema()::regnamespace
    order by index_class.relname`.execute(queries)
  return rows
}

/** Those that a migration made, with what their functions do; not those that PostgreSQL makes for references. */
async function readTriggers(queries: Queries) {
  const { rows } = await sql<{ table: string; name: string; definition: string; source: string }>`
    select class.relname as table, pg_trigger.tgname as name, pg_get_triggerdef(pg_trigger.oid, true) as definition,
      pg_proc.prosrc as source
    from pg_trigger
    join pg_class as class on class.oid = pg_trigger.tgrelid
    join pg_proc on pg_proc.oid = pg_trigger.tgfoid
    where not pg_trigger.tgisinternal and class.relnamespace = current_schema()::regnamespace
    order by pg_trigger.tgname`.execute(queries)
  return rows
}
