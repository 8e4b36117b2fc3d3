import { sql, type RawBuilder } from 'kysely'
import type { Dialect } from './database.js'

/**
 * Unix milliseconds by the database's clock, as SQL. For leases: nodes share this clock, while their own may differ by
 * more than a lease is long.
 */
export function databaseClock(dialect: Dialect): RawBuilder<number> {
  return dialect === 'postgres'
    ? sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`
    : sql<number>`cast(unixepoch('subsec') * 1000 as integer)`
}
