import { sql, type CompiledQuery } from 'kysely'
import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../server.test-support.js'
import { orderedBy } from '../storage/lists.js'
import type { Table } from '../storage/table.js'
import { tables } from './tables.js'

/** Orders of lists, by the columns that they have in common beside the instance. */
const ORDERS: readonly [table: string, columns: readonly string[], of?: readonly string[]][] = [
  [
    'users',
    [
      'created_at',
      'updated_at',
      'first_name',
      'last_name',
      'username_canonical',
      'last_active_at',
      'last_sign_in_at',
      'primary_email_address',
      'primary_phone_number',
      'primary_web3_wallet',
    ],
  ],
  ['organizations', ['created_at', 'name', 'members_count']],
  ['organization_memberships', ['created_at']],
  ['organization_memberships', ['created_at'], ['organization_id']],
  ['organization_memberships', ['created_at'], ['user_id']],
  ['organization_invitations', ['created_at', 'canonical']],
  ['organization_invitations', ['created_at'], ['organization_id']],
  ['organization_membership_requests', ['created_at'], ['organization_id']],
  ['organization_domains', ['created_at', 'name']],
  ['tickets', ['created_at', 'canonical', 'expires_at'], ['kind']],
  ['waitlist_entries', ['created_at', 'invited_at']],
  ['sessions', ['created_at']],
  ['sessions', ['created_at'], ['user_id']],
  ['clients', ['created_at']],
  ['machines', ['created_at', 'name']],
  ['oauth_applications', ['created_at', 'name']],
  ['api_keys', ['created_at'], ['subject']],
]

const cases = ORDERS.flatMap(([table, columns, of = []]) =>
  columns.flatMap((column) => (['asc', 'desc'] as const).map((direction) => ({ table, column, direction, of }))),
)

/** What reads nothing but the page: without it a list takes longer with every row. */
describe.each(dialects)('an index on %s', (dialect) => {
  const server = useTestServer(dialect)

  const planOf = async (query: CompiledQuery) => {
    if (dialect === 'sqlite') {
      const explained = { ...query, sql: `explain query plan ${query.sql}` }
      return (await server.server.database.rows(explained)).map(({ detail }) => String(detail)).join('\n')
    }
    return server.server.database.transaction(async (queries) => {
      // A table without rows is read whole, and rows that are not there are sorted at once.
      await sql`set local enable_seqscan = off; set local enable_sort = off; set local enable_bitmapscan = off`.execute(
        queries,
      )
      const values = query.parameters.map((value) => `'${String(value)}'`)
      const text = query.sql.replace(/\$(\d+)/g, (_, number) => values[Number(number) - 1]!)
      const { rows } = await sql.raw<Record<string, string>>(`explain ${text}`).execute(queries)
      return rows.map((row) => row['QUERY PLAN']).join('\n')
    })
  }

  it.each(cases)(
    'has $table in the order of $column, $direction, of one $of',
    async ({ table, column, direction, of }) => {
      const definition = tables.find(({ name }) => name === table) as Table
      const conditions = ['instance_id', ...of].map((name) => sql`${sql.ref(name)} = ${'x'}`)
      const query = sql`select * from ${sql.table(table)} where ${sql.join(conditions, sql` and `)}
      order by ${orderedBy({ column, direction }, definition)} limit 10`.compile(server.server.database.read)
      const plan = await planOf(query)
      expect(plan).not.toMatch(/temp b-tree/i)
      expect(plan).not.toMatch(/^ *-?>? *Sort|-> +Sort/m)
      // Rather than of all rows of the instance.
      if (of[0] !== undefined) expect(plan).toMatch(new RegExp(`${of[0]} *=`))
    },
  )
})
