import { bare, integer, reference, text, type RowOf } from './table.js'

/**
 * How many rows of the tables that say `counted` there are: kept by triggers, in the transaction that writes the rows.
 *
 * On PostgreSQL each connection has a slot of its own, its process id, and a number is the sum of its slots: so nobody
 * waits for another transaction, and no two can lock each other out, in whatever order they write. `foldRowCounts` adds
 * the slots up into slot 0, as a connection's process id is a new one with every start. On SQLite there is slot 0 only.
 */
export const rowCounts = bare(
  'row_counts',
  {
    instanceId: reference('instances'),
    /** The name of the table. */
    counted: text,
    /** The values of the columns that are counted by, with a space between; empty for all rows of the instance. */
    part: text,
    slot: integer,
    count: integer,
  },
  {
    primaryKey: ['instanceId', 'counted', 'part', 'slot'],
    indexes: { row_counts_unfolded: { on: ['slot'], where: 'slot <> 0' } },
  },
)

declare module './schema.js' {
  interface Schema {
    row_counts: RowOf<typeof rowCounts>
  }
}
