import type { ColumnShape, IndexShape, Reference, SchemaShape, TableShape, TriggerShape } from './shape.js'

/** One step from the existing tables of a database to the defined ones. */
export type Change =
  | { kind: 'create table'; table: string; shape: TableShape }
  | { kind: 'drop table'; table: string }
  | { kind: 'change primary key'; table: string; from: readonly string[]; to: readonly string[] }
  | { kind: 'add column'; table: string; column: string; shape: ColumnShape }
  | { kind: 'drop column'; table: string; column: string }
  | { kind: 'change column'; table: string; column: string; from: ColumnShape; to: ColumnShape }
  | { kind: 'create index'; table: string; index: string; shape: IndexShape }
  | { kind: 'drop index'; table: string; index: string; shape: IndexShape }
  | { kind: 'rename index'; table: string; from: string; to: string; shape: IndexShape }
  | { kind: 'create trigger'; table: string; trigger: string; shape: TriggerShape }
  | { kind: 'drop trigger'; table: string; trigger: string }

/**
 * The changes that turn a database with the tables of `from` into one with the tables of `to`. Empty if they are equal.
 */
export function compareSchemas(from: SchemaShape, to: SchemaShape): Change[] {
  const changes: Change[] = []
  for (const [table, shape] of Object.entries(to)) {
    const found = from[table]
    if (!found) changes.push({ kind: 'create table', table, shape })
    else changes.push(...compareTables(table, found, shape))
  }
  for (const table of Object.keys(from)) if (!to[table]) changes.push({ kind: 'drop table', table })
  return changes
}

function compareTables(table: string, from: TableShape, to: TableShape): Change[] {
  const changes: Change[] = []
  if (!sameList(from.primaryKey, to.primaryKey))
    changes.push({ kind: 'change primary key', table, from: from.primaryKey, to: to.primaryKey })
  for (const [column, shape] of Object.entries(to.columns)) {
    const found = from.columns[column]
    if (!found) changes.push({ kind: 'add column', table, column, shape })
    else if (!sameColumn(found, shape)) changes.push({ kind: 'change column', table, column, from: found, to: shape })
  }
  for (const column of Object.keys(from.columns))
    if (!to.columns[column]) changes.push({ kind: 'drop column', table, column })
  return [
    ...changes,
    ...compareIndexes(table, from.indexes, to.indexes),
    ...compareTriggers(table, from.triggers, to.triggers),
  ]
}

function compareTriggers(table: string, from: TableShape['triggers'], to: TableShape['triggers']): Change[] {
  const changed = (a: TableShape['triggers'], b: TableShape['triggers']) =>
    Object.keys(a).filter((trigger) => a[trigger]!.text !== b[trigger]?.text)
  return [
    ...changed(from, to).map((trigger) => ({ kind: 'drop trigger' as const, table, trigger })),
    ...changed(to, from).map((trigger) => ({ kind: 'create trigger' as const, table, trigger, shape: to[trigger]! })),
  ]
}

function compareIndexes(table: string, from: TableShape['indexes'], to: TableShape['indexes']): Change[] {
  const changes: Change[] = []
  const left = new Map(Object.entries(from))
  const find = (accepts: (name: string, index: IndexShape) => boolean) => {
    const found = [...left].find(([name, index]) => accepts(name, index))
    if (found) left.delete(found[0])
    return found
  }
  const missing = Object.entries(to).filter(
    ([name, shape]) =>
      !find((other, index) => other === name && sameIndex(index, shape)) &&
      // The database chooses the name of an automatic one.
      !find((_, index) => index.automatic === true && sameIndex(index, shape)),
  )
  for (const [index, shape] of missing) {
    const renamed = find((_, other) => sameIndex(other, shape))
    if (renamed) changes.push({ kind: 'rename index', table, from: renamed[0], to: index, shape })
    else changes.push({ kind: 'create index', table, index, shape })
  }
  for (const [index, shape] of left) changes.push({ kind: 'drop index', table, index, shape })
  return changes
}

function sameIndex(a: IndexShape, b: IndexShape): boolean {
  return a.unique === b.unique && a.where === b.where && sameList(a.columns, b.columns)
}

function sameColumn(a: ColumnShape, b: ColumnShape): boolean {
  return a.type === b.type && a.nullable === b.nullable && sameReference(a.references, b.references)
}

export function sameReference(a: Reference | null, b: Reference | null): boolean {
  if (!a || !b) return a === b
  return a.table === b.table && a.column === b.column && a.onDelete === b.onDelete && a.onUpdate === b.onUpdate
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at])
}

/** The changes in words, from the point of view of somebody who looks at the database. */
export function describeChange(change: Change): string {
  switch (change.kind) {
    case 'create table':
      return `Table ${change.table} is missing`
    case 'drop table':
      return `Table ${change.table} is not defined`
    case 'change primary key':
      return `The primary key of ${change.table} is (${change.from.join(', ')}), defined as (${change.to.join(', ')})`
    case 'add column':
      return `Column ${change.table}.${change.column} is missing: ${describeColumn(change.shape)}`
    case 'drop column':
      return `Column ${change.table}.${change.column} is not defined`
    case 'change column':
      return `Column ${change.table}.${change.column} is ${describeColumn(change.from)}, defined as ${describeColumn(change.to)}`
    case 'create index':
      return `Index ${change.index} is missing: ${describeIndex(change)}`
    case 'drop index':
      return `Index ${change.index} is not defined: ${describeIndex(change)}`
    case 'rename index':
      return `Index ${change.to} is named ${change.from}: ${describeIndex(change)}`
    case 'create trigger':
      return `Trigger ${change.trigger} of ${change.table} is missing: ${change.shape.text}`
    case 'drop trigger':
      return `Trigger ${change.trigger} of ${change.table} is not defined`
  }
}

function describeColumn({ type, nullable, references }: ColumnShape): string {
  const reference = references && ` references ${references.table}(${references.column})`
  const actions = references && ` on delete ${references.onDelete}, on update ${references.onUpdate}`
  return `${type}${nullable ? '' : ' not null'}${reference ?? ''}${actions ?? ''}`
}

function describeIndex({ table, shape }: { table: string; shape: IndexShape }): string {
  const where = shape.where === null ? '' : ` where ${shape.where}`
  return `${shape.unique ? 'unique ' : ''}on ${table} (${shape.columns.join(', ')})${where}`
}

/**
 * Whether a program that does not know the change can go on reading and writing as before: the change adds a table, a
 * column that rows can be inserted without, an index that refuses nothing, or a trigger, which works for it too.
 *
 * @param hasDefault whether existing and new rows get a default in a column that is not null
 */
export function isAdditive(change: Change, hasDefault: (table: string, column: string) => boolean): boolean {
  switch (change.kind) {
    case 'create table':
    case 'create trigger':
      return true
    case 'add column':
      // SQLite adds a column that references a table only if it is null in existing rows.
      return change.shape.nullable || (!change.shape.references && hasDefault(change.table, change.column))
    case 'create index':
      return !change.shape.unique
    default:
      return false
  }
}
