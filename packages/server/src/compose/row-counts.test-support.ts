import { sql } from 'kysely'
import type { Database } from '../storage/database.js'
import { tables } from './tables.js'

type Numbers = Record<string, number>

/** What `row_counts` says, without zeros, by instance, table and part. */
export async function keptCounts({ read }: Database): Promise<Numbers> {
  const { rows } = await sql<{ key: string; count: number }>`
    select instance_id || ' ' || counted || ' ' || part as key, sum(count) as count from row_counts
    group by instance_id, counted, part having sum(count) <> 0`.execute(read)
  return Object.fromEntries(rows.map(({ key, count }) => [key, Number(count)]))
}

/** The same, counted row by row as the definitions of the tables say it. */
export async function trueCounts({ read }: Database): Promise<Numbers> {
  const numbers: Numbers = {}
  for (const { name, counted } of tables) {
    for (const { by = [], where = 'true' } of counted) {
      const { rows } = await sql<Record<string, unknown>>`
        select instance_id, ${sql.raw([...by, 'count(*) as count'].join(', '))} from ${sql.table(name)}
        where ${sql.raw(where)} group by ${sql.raw(['instance_id', ...by].join(', '))}`.execute(read)
      for (const row of rows) {
        const part = by.map((column) => String(row[column])).join(' ')
        numbers[`${String(row['instance_id'])} ${name} ${part}`] = Number(row['count'])
      }
    }
  }
  return numbers
}
