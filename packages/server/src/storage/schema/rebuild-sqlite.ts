import { createIndex, createTable } from './statements.js'
import type { TableShape } from './shape.js'

export interface Rebuild {
  table: string
  to: TableShape
  /** SQL for the value of each column that is copied or filled. Columns that are left out are null. */
  values: Readonly<Record<string, string>>
  /** Indexes that were created by a statement of their own. */
  indexes: readonly string[]
  /** Another table or this one has a column that references it. */
  isReferenced: boolean
}

/**
 * Rebuilds a table with its rows, since SQLite cannot change a column in place.
 *
 * `drop table` deletes the rows first, and with them, by `on delete cascade`, those of other tables that reference them.
 * Migrations run in a transaction, where foreign keys cannot be switched off. So the rows of a table that is referenced
 * get other ids before they are dropped: then nothing references them. Until the rows are back with their own ids,
 * references lead nowhere, which `defer_foreign_keys` allows until the commit. It counts them: if one row did not come
 * back, the commit fails and nothing has changed.
 */
export function rebuildTable({ table, to, values, indexes, isReferenced }: Rebuild): string[] {
  const copy = `${table}_copy`
  const names = Object.keys(values).join(', ')
  const isNumbered = Object.values(to.columns).some(({ type }) => type === 'sequence')
  const numbering = (from: string, into: string) => (isNumbered ? keepNumbering(from, into) : [])
  return [
    createTable('sqlite', copy, to),
    `insert into ${copy} (${names}) select ${Object.values(values).join(', ')} from ${table}`,
    ...numbering(table, copy),
    ...(isReferenced
      ? [
          'pragma defer_foreign_keys = on',
          // Only to save time: each would be written for the new ids.
          ...indexes.map((index) => `drop index ${index}`),
          `update ${table} set id = 'dropped ' || id`,
          `drop table ${table}`,
          createTable('sqlite', table, to),
          `insert into ${table} (${names}) select ${names} from ${copy}`,
          ...numbering(copy, table),
          `drop table ${copy}`,
        ]
      : [`drop table ${table}`, `alter table ${copy} rename to ${table}`]),
    ...Object.entries(to.indexes).map(([index, shape]) => createIndex(table, index, shape)),
    // They went with the old table, and have not seen the rows go and come.
    ...Object.values(to.triggers).flatMap(({ create }) => create),
  ]
}

/**
 * A number is never used twice, even after the row with the highest number is deleted: SQLite stores that number
 * separately.
 */
function keepNumbering(from: string, to: string): string[] {
  return [
    `delete from sqlite_sequence where name = '${to}'`,
    `insert into sqlite_sequence (name, seq) select '${to}', seq from sqlite_sequence where name = '${from}'`,
  ]
}
