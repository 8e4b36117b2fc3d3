import { bare, integer, text } from './table.js'
import type { RowOf } from './table.js'

/** How often something happened in the window that is open. Shared by the nodes on PostgreSQL; SQLite counts in memory. */
export const rateLimits = bare(
  'rate_limits',
  { key: text, count: integer, resetAt: integer },
  { primaryKey: ['key'], indexes: { rate_limits_expiring: { on: ['resetAt'] } } },
)

declare module './schema.js' {
  interface Schema {
    rate_limits: RowOf<typeof rateLimits>
  }
}
