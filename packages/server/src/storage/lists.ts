import { sql, type RawBuilder } from 'kysely'
import { errors } from '../kernel/errors/errors.js'
import { snakeCase, type Table } from './table.js'

export interface Order {
  /** As in SQL. */
  column: string
  direction: 'asc' | 'desc'
}

/**
 * Declares the orders of a list: the words of the parameter, each with its column.
 *
 * @param fallback the order of a request that names none, such as `-created_at`
 */
export function orderBy(columns: Readonly<Record<string, string>>, fallback: string) {
  return {
    /**
     * Reads `order_by`: a word, with `-` in front for descending order. A `+` may have become a space on its way.
     *
     * @throws {ApiError} 422 `form_param_value_invalid`
     */
    parse(text = fallback): Order {
      const [, sign, name = ''] = /^([+\s-]?)(.*)$/.exec(text) ?? []
      if (!Object.hasOwn(columns, name)) {
        const words = Object.keys(columns).join(', ')
        throw errors.paramValueInvalid('order_by', `must be one of ${words}, with + or - in front`)
      }
      return { column: columns[name]!, direction: sign === '-' ? 'desc' : 'asc' }
    },
  }
}

/**
 * Rows without a value come first in ascending order, on both databases; equal ones are ordered by id. Of a column that
 * always has one it says nothing of them: PostgreSQL would sort all rows if the index is not sorted with nulls first.
 */
export function orderedBy(
  { column, direction }: Order,
  table: Pick<Table, 'columns' | 'indexes'>,
): RawBuilder<unknown> {
  const definition = Object.entries(table.columns).find(([name]) => snakeCase(name) === column)?.[1]
  const nullsFirst = Object.values(table.indexes).some((index) => index.nullsFirst && index.on.includes(column))
  if (definition?.nullable === false && !nullsFirst) return sql.raw(`${column} ${direction}, id ${direction}`)
  return sql.raw(direction === 'asc' ? `${column} asc nulls first, id asc` : `${column} desc nulls last, id desc`)
}

export const NEWEST_FIRST: Order = { column: 'created_at', direction: 'desc' }

/** Splits values with `+` and `-` in front into those to include and those to leave out. A `+` may have become a space. */
export function splitSigns(values: readonly string[]): { included: string[]; excluded: string[] } {
  const included: string[] = []
  const excluded: string[] = []
  for (const value of values) {
    if (value.startsWith('-')) excluded.push(value.slice(1))
    else included.push(value.replace(/^[+ ]/, ''))
  }
  return { included, excluded }
}
