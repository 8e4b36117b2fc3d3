import { sql } from 'kysely'
import type { Database } from './database.js'

/** A transaction of a job holds the database for a moment only. */
const AT_ONCE = 1000
/** An arbitrary number, the same on every node. */
const FOLDING_LOCK = 7_236_105

interface Part {
  instance_id: string
  counted: string
  part: string
}

/**
 * Adds the slots of PostgreSQL's connections up into slot 0, and removes numbers that have become 0. It waits for nobody:
 * a slot that a transaction is writing stays until the next run.
 */
export async function foldRowCounts(database: Database): Promise<void> {
  for (;;) {
    const folded = await database.transaction(async (queries) => {
      const { rows: locks } = await sql<{ locked: boolean }>`
        select pg_try_advisory_xact_lock(${sql.lit(FOLDING_LOCK)}) as locked`.execute(queries)
      if (!locks[0]!.locked) return 0
      const { rows } = await sql<Part & { count: number; slots: number }>`
        with taken as (
          delete from row_counts where ctid = any(array(
            select ctid from row_counts where slot <> 0 limit ${sql.lit(AT_ONCE)} for update skip locked
          )) returning *
        ), sums as (
          select instance_id, counted, part, sum(count) as count, count(*) as slots from taken
          group by instance_id, counted, part
        ), kept as (
          insert into row_counts as kept (instance_id, counted, part, slot, count)
          select instance_id, counted, part, 0, count from sums
          on conflict (instance_id, counted, part, slot) do update set count = kept.count + excluded.count
          returning instance_id, counted, part, count
        )
        select kept.*, sums.slots from kept join sums using (instance_id, counted, part)`.execute(queries)
      const empty = rows.filter(({ count }) => count === 0)
      if (empty.length > 0) {
        const keys = sql.join(empty.map((one) => sql`(${one.instance_id}, ${one.counted}, ${one.part})`))
        await sql`delete from row_counts where (instance_id, counted, part) in (${keys}) and slot = 0`.execute(queries)
      }
      return rows.reduce((sum, { slots }) => sum + slots, 0)
    })
    if (folded < AT_ONCE) return
  }
}
