import { sql, type KyselyPlugin, type RawNode, type RootOperationNode } from 'kysely'
import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { svixOf } from './receiver.test-support.js'
import { WebhookStore } from './webhook-store.js'

const BACKLOG = 20_000

describe.runIf(dialects.includes('postgres'))('a backlog of a dead endpoint on PostgreSQL', () => {
  const server = useTestServer('postgres')
  const svix = svixOf(server)

  it('is never read through to find what is due', async () => {
    const dead = (await svix('POST', '/endpoint', { url: 'http://127.0.0.1:59999/' })).body.id as string
    await svix('POST', '/endpoint', { url: 'http://127.0.0.1:59998/' })
    const { database } = server.server
    await database.transaction(async (queries) => {
      await sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${sql.lit(BACKLOG)})
        insert into webhook_deliveries (id, instance_id, created_at, endpoint_id, event_id, line_key, position, status,
          attempts, due_at, claims, released, manual)
        select 'dlv_' || i, ${sql.lit(server.instance.id)}, 1, ${sql.lit(dead)}, 'evt_' || i, 'user_' || i, i, 'pending',
          0, 1, 0, 0, 0 from n`.execute(queries)
      // Statistics say that most rows are due.
      await sql`analyze`.execute(queries)
    })
    const plan: string[] = []
    const read = database.read.withPlugin(explaining(plan))
    await new WebhookStore({ ...database, read }).dueEndpoints(server.clock.now())
    expect(plan.join('\n')).toMatch(/webhook_deliveries_due/)
    expect(plan.join('\n')).not.toMatch(/Seq Scan on webhook_deliveries/)
    expect((await new WebhookStore(database).dueEndpoints(server.clock.now())).map(({ id }) => id)).toEqual([dead])
  })
})

/** Asks for the plan of each statement in place of its rows. */
function explaining(plan: string[]): KyselyPlugin {
  return {
    transformQuery: ({ node }) => {
      const [first, ...rest] = (node as RawNode).sqlFragments
      return { ...node, sqlFragments: [`explain ${first}`, ...rest] } as RootOperationNode
    },
    transformResult: ({ result }) => {
      for (const row of result.rows) plan.push(Object.values(row).join(' '))
      return Promise.resolve({ ...result, rows: [] })
    },
  }
}
