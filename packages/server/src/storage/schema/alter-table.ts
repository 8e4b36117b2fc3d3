import type { Dialect } from '../database.js'
import { sameReference, type Change } from './changes.js'
import { dropTrigger } from './counting.js'
import { rebuildTable } from './rebuild-sqlite.js'
import type { SchemaShape } from './shape.js'
import { addColumn, createIndex, literal, referenceClause } from './statements.js'

export interface Context {
  dialect: Dialect
  additive: boolean
  from: SchemaShape
  to: SchemaShape
  /** By `table.column`: the value for existing rows in a column that is not null. */
  defaults: Readonly<Record<string, string>>
}

/** The statements that make one table as it is defined. Empty when there are no changes. */
export function changeTable(context: Context, table: string, changes: readonly Change[]): string[] {
  if (changes.length === 0) return []
  const of = (kind: Change['kind']) => changes.filter((change) => change.kind === kind)
  if (context.dialect === 'sqlite' && changes.some((change) => needsRebuild(context, change))) {
    return [
      ...of('drop trigger').flatMap((change) => statementsOf(context, change)),
      ...rebuild(context, table),
      ...changes.flatMap((change) => (change.kind === 'create trigger' ? (change.shape.fill ?? []) : [])),
    ]
  }
  // An index is dropped before its columns, and created after them.
  const order: Change['kind'][] = [
    'drop trigger',
    'drop index',
    'rename index',
    'add column',
    'change column',
    'drop column',
    'create index',
    'create trigger',
  ]
  return order.flatMap((kind) => of(kind).flatMap((change) => statementsOf(context, change)))
}

/** SQLite can add and drop only columns that nothing else depends on. */
function needsRebuild({ from, additive }: Context, change: Change): boolean {
  switch (change.kind) {
    case 'change column':
      return true
    case 'drop index':
      return change.shape.automatic === true
    case 'drop column':
      return Object.values(from[change.table]!.indexes).some(
        ({ automatic, columns }) => automatic && columns.includes(change.column),
      )
    case 'add column':
      // In a breaking migration no program writes rows without the column, so it gets no default that stays.
      return !change.shape.nullable && !additive
    default:
      return false
  }
}

function rebuild({ from, to, defaults }: Context, table: string): string[] {
  const before = from[table]!
  const after = to[table]!
  const values: Record<string, string> = {}
  for (const [name, column] of Object.entries(after.columns)) {
    const found = before.columns[name]
    if (found && (column.nullable || !found.nullable)) values[name] = name
    else if (found) values[name] = `coalesce(${name}, ${valueOf(defaults, table, name, column.type)})`
    else if (!column.nullable) values[name] = valueOf(defaults, table, name, column.type)
  }
  const indexes = Object.keys(before.indexes).filter((index) => !before.indexes[index]!.automatic)
  return rebuildTable({ table, to: after, values, indexes, isReferenced: isReferenced(from, table) })
}

function statementsOf({ dialect, additive, defaults }: Context, change: Change): string[] {
  const { table } = change
  const alter = `alter table ${table}`
  switch (change.kind) {
    case 'add column': {
      const { column, shape } = change
      const value = shape.nullable ? undefined : valueOf(defaults, table, column, shape.type)
      const dropDefault = value !== undefined && !additive ? [`${alter} alter column ${column} drop default`] : []
      return [addColumn(dialect, table, column, shape, value), ...dropDefault]
    }
    case 'change column': {
      const { column, from, to } = change
      const statements: string[] = []
      const isMoved = !sameReference(from.references, to.references)
      if (isMoved && from.references) statements.push(`${alter} drop constraint ${from.references.constraint}`)
      if (to.nullable && !from.nullable) statements.push(`${alter} alter column ${column} drop not null`)
      if (from.nullable && !to.nullable) {
        const value = valueOf(defaults, table, column, to.type)
        statements.push(`update ${table} set ${column} = ${value} where ${column} is null`)
        statements.push(`${alter} alter column ${column} set not null`)
      }
      if (isMoved && to.references)
        statements.push(`${alter} add foreign key (${column}) ${referenceClause(to.references)}`)
      return statements
    }
    case 'drop column':
      return [`${alter} drop column ${change.column}`]
    case 'drop index':
      return [change.shape.automatic ? `${alter} drop constraint ${change.index}` : `drop index ${change.index}`]
    case 'rename index':
      if (dialect === 'postgres') return [`alter index ${change.from} rename to ${change.to}`]
      return [`drop index ${change.from}`, createIndex(table, change.to, change.shape)]
    case 'create index':
      return [createIndex(table, change.index, change.shape)]
    case 'drop trigger':
      return dropTrigger(dialect, table, change.trigger)
    case 'create trigger':
      return [...change.shape.create, ...(change.shape.fill ?? [])]
    default:
      return []
  }
}

function valueOf(defaults: Context['defaults'], table: string, column: string, type: string): string {
  const value = defaults[`${table}.${column}`]
  if (value === undefined)
    throw new Error(
      `Column ${table}.${column} is not null: give existing rows a value, with --default ${table}.${column}=VALUE`,
    )
  return literal(type, value)
}

/** Whether a table, this one too, has a column that references it. */
export function isReferenced(schema: SchemaShape, table: string): boolean {
  return Object.values(schema).some(({ columns }) =>
    Object.values(columns).some(({ references }) => references?.table === table),
  )
}
