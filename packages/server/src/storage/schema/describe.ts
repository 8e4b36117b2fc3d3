import type { Dialect } from '../database.js'
import { snakeCase, type Column, type Index, type Table } from '../table.js'
import { countingTriggers } from './counting.js'
import { withExceptions } from './exceptions.js'
import type { ColumnShape, IndexShape, SchemaShape } from './shape.js'
import { normaliseWhere } from './where.js'

/** The shape of a database of the dialect that matches the definitions of the tables. */
export function describeTables(dialect: Dialect, tables: readonly Table[]): SchemaShape {
  const shape: SchemaShape = {}
  for (const table of tables) {
    const { name, columns, primaryKey, indexes } = table
    shape[name] = {
      columns: mapEntries(columns, (key, column) => [snakeCase(key), describeColumn(column)]),
      primaryKey,
      indexes: mapEntries(indexes, (key, index) => [key, describeIndex(dialect, index)]),
      triggers: countingTriggers(dialect, table),
    }
  }
  return withExceptions(dialect, shape)
}

function describeColumn({ kind, nullable, references }: Column<unknown>): ColumnShape {
  return {
    type: kind === 'json' ? 'text' : kind === 'boolean' ? 'integer' : kind,
    nullable,
    references: references ? { ...references, column: 'id', onUpdate: 'no action' } : null,
  }
}

/** SQLite sorts nulls first by default. */
function describeIndex(dialect: Dialect, { on, unique = false, where, nullsFirst }: Index): IndexShape {
  return {
    columns: on.map((name) => (nullsFirst && dialect === 'postgres' && isSorted(name) ? `${name} nulls first` : name)),
    unique,
    where: where === undefined ? null : normaliseWhere(where),
  }
}

/**
 * A list is sorted by the columns between the instance, which is the same in all rows, and the id, which is never null.
 */
function isSorted(name: string): boolean {
  return name !== 'instance_id' && name !== 'id'
}

function mapEntries<T, U>(from: Readonly<Record<string, T>>, map: (key: string, value: T) => [string, U]) {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => map(key, value)))
}
