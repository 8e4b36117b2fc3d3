import { sql } from 'kysely'
import type { Queries } from './database.js'

/** Rows of a table, and of an index with a condition, as the planner is told. */
const ROWS = 1_000_000
const ROWS_OF_PARTIAL = 100_000
/** The part of a table's rows that have the same value in the first column of an index. Other columns tell rows apart. */
const SHARES: Readonly<Record<string, number>> = { instance_id: 1 / 2, organization_id: 1 / 1000 }
/** What SQLite assumes itself: how many rows have the same values in the first column, the first two, and so on. */
const ASSUMED = [10, 9, 8, 7, 6, 5]

/**
 * Tells SQLite's planner that most rows of a table have the same instance: without statistics it believes that ten have,
 * and goes through all rows of an instance rather than through the three memberships of a user. The statistics are made
 * up, so plans are the same on every day and in every file. `analyze` would replace them by samples of the rows, which
 * cost a new plan for each value that is bound.
 */
export async function writeStatistics(queries: Queries): Promise<void> {
  // Makes the table, which nothing else can.
  await sql`analyze sqlite_schema`.execute(queries)
  const { rows } = await sql<{ name: string; table: string; sql: string; columns: string }>`
    select name, tbl_name as "table", sql,
      (select group_concat(name, ' ') from (select name from pragma_index_info(master.name) order by seqno)) as columns
    from sqlite_master as master where type = 'index' and sql is not null`.execute(queries)
  await sql`delete from sqlite_stat1`.execute(queries)
  for (const index of rows) {
    const columns = index.columns.split(' ')
    const share = SHARES[columns[0]!]
    if (share === undefined) continue
    const all = /\)\s*where\b/i.test(index.sql) ? ROWS_OF_PARTIAL : ROWS
    const isUnique = /^create unique/i.test(index.sql)
    const same = columns.map((_, at) => {
      if (at === columns.length - 1 && isUnique) return 1
      return at === 0 ? all * share : (ASSUMED[at] ?? 5)
    })
    await sql`insert into sqlite_stat1 (tbl, idx, stat) values (${index.table}, ${index.name}, ${[all, ...same].join(' ')})`.execute(
      queries,
    )
  }
  // Now every connection reads it.
  await sql`analyze sqlite_schema`.execute(queries)
}
