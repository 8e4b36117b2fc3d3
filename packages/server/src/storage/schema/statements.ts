import type { Dialect } from '../database.js'
import { typeIn, type ColumnShape, type IndexShape, type Reference, type TableShape } from './shape.js'

/** `create table` as the migrations write it: one column a line. */
export function createTable(dialect: Dialect, table: string, { columns, primaryKey }: TableShape): string {
  const [only] = primaryKey.length === 1 ? primaryKey : []
  const lines = Object.entries(columns).map(([name, column]) => {
    const type = typeIn(dialect, column.type)
    const notNull = column.nullable ? '' : ' not null'
    if (name === only) return `${name} ${type}${column.type === 'sequence' ? '' : ' primary key'}${references(column)}`
    return `${name} ${type}${notNull}${references(column)}`
  })
  if (only === undefined) lines.push(`primary key (${primaryKey.join(', ')})`)
  return `create table ${table} (\n${lines.map((line) => `  ${line}`).join(',\n')}\n)${dialect === 'sqlite' ? ' strict' : ''}`
}

export function createIndex(table: string, index: string, { columns, unique, where }: IndexShape): string {
  const condition = where === null ? '' : ` where ${where}`
  return `create ${unique ? 'unique ' : ''}index ${index} on ${table} (${columns.join(', ')})${condition}`
}

/** @param value the value for existing rows, and for new rows of older programs */
export function addColumn(
  dialect: Dialect,
  table: string,
  name: string,
  column: ColumnShape,
  value: string | undefined,
): string {
  const filled = column.nullable ? '' : ` not null default ${value}`
  return `alter table ${table} add column ${name} ${typeIn(dialect, column.type)}${filled}${references(column)}`
}

function references({ references: reference }: ColumnShape): string {
  return reference ? ` ${referenceClause(reference)}` : ''
}

export function referenceClause({ table, column, onDelete }: Reference): string {
  return `references ${table}(${column}) on delete ${onDelete}`
}

/**
 * A value as a literal for a column of the type.
 *
 * @throws {Error} when it is not one
 */
export function literal(type: string, value: string): string {
  if (type === 'text') return `'${value.replaceAll("'", "''")}'`
  if (type === 'integer' && /^-?\d+$/.test(value)) return value
  throw new Error(`${JSON.stringify(value)} cannot be the value of a column of the type ${type}`)
}
