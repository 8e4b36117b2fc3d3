import { sql, type RawBuilder } from 'kysely'
import type { Dialect } from './database.js'
import type { Columns, RecordOf, Table } from './table.js'

/**
 * What a query selects to get rows whole: each in one column that is a JSON array of its values. Returning many columns
 * one by one takes longer than finding them. Of tables without bytes.
 *
 * @param more SQL of further values
 */
export function wholeRow(dialect: Dialect, { name, names }: Table, more: readonly string[] = []): RawBuilder<unknown> {
  return sql.raw(jsonArray(dialect, [...names.map((column) => `${name}.${column}`), ...more]))
}

/** SQL of a JSON array. @param values SQL of each */
export function jsonArray(dialect: Dialect, values: readonly string[]): string {
  return `${dialect === 'sqlite' ? 'json_array' : 'json_build_array'}(${values.join(', ')})`
}

/** SQL of a JSON array with a value of each row. @param rows SQL from `from` on */
export function jsonRows(dialect: Dialect, value: string, rows: string): string {
  // A subquery's result loses SQLite's JSON subtype; `json()` restores it.
  return dialect === 'sqlite'
    ? `json((select json_group_array(${value}) ${rows}))`
    : `(select coalesce(json_agg(${value}), '[]') ${rows})`
}

/** The values of such a column. */
export function valuesOf(column: unknown): unknown[] {
  return (typeof column === 'string' ? JSON.parse(column) : column) as unknown[]
}

/** @returns undefined for a row that a join did not find */
export function readWholeRow<T extends Table<string, Columns>>(table: T, column: unknown): RecordOf<T> | undefined {
  const values = column === null ? null : valuesOf(column)
  return values && values[0] !== null ? (table.decodeValues(values) as RecordOf<T>) : undefined
}
