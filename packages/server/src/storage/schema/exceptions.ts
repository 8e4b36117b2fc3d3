import type { Dialect } from '../database.js'
import type { SchemaShape } from './shape.js'

/**
 * The parts of the schema that only the migrations define. `user_search` is searched by trigrams: on PostgreSQL by GIN
 * indexes on it, on SQLite by the FTS5 table `user_search_index`, which has tables of its own and which triggers keep
 * up to date.
 */
const SEARCH = 'user_search'
const SEARCH_INDEX = 'user_search_index'

/** Whether a table is compared with the definitions. */
export function isCompared(table: string): boolean {
  return table !== 'schema_migrations' && table !== SEARCH_INDEX && !table.startsWith(`${SEARCH_INDEX}_`)
}

/** Whether an index of PostgreSQL is. */
export function isIndexCompared(table: string, method: string): boolean {
  return !(table === SEARCH && method === 'gin')
}

/** Whether the triggers of a table are. */
export function areTriggersCompared(table: string): boolean {
  return table !== SEARCH
}

/** Whether changes of the table are written by hand, as they change triggers or trigram indexes too. */
export function isWrittenByHand(table: string): boolean {
  return table === SEARCH
}

/**
 * FTS5 finds the row of a match by an integer, so on SQLite the primary key of `user_search` is a `row_id` of its own
 * and the defined primary key is a unique column.
 */
export function withExceptions(dialect: Dialect, shape: SchemaShape): SchemaShape {
  const search = shape[SEARCH]
  if (dialect === 'postgres' || !search) return shape
  return {
    ...shape,
    [SEARCH]: {
      ...search,
      columns: { row_id: { type: 'integer', nullable: false, references: null }, ...search.columns },
      primaryKey: ['row_id'],
      indexes: {
        ...search.indexes,
        user_search_user_id: { columns: search.primaryKey, unique: true, where: null },
      },
    },
  }
}
