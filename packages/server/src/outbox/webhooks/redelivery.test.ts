import type { Kysely } from 'kysely'
import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import type { Schema } from '../../storage/schema.js'
import { eventually, svixOf, useReceiver } from './receiver.test-support.js'

/** More than two transactions take. */
const MANY = 2300

/** Behind all that the tests cause. */
const FIRST = 1_000_000

/** The database itself gives the sequence. */
interface Unnumbered {
  events: Omit<Schema['events'], 'sequence'>
}

describe.each(dialects)('many events of one endpoint on %s', (dialect) => {
  const server = useTestServer(dialect, { webhooks: { schedule: { pollEvery: 20 } } })
  const receiver = useReceiver()
  const svix = svixOf(server)
  const since = new Date(0).toISOString()

  const addEndpoint = async (fields: object = {}) =>
    (await svix('POST', '/endpoint', { url: receiver.url, ...fields })).body.id as string
  const stats = async (id: string) => (await svix('GET', `/endpoint/${id}/stats`)).body

  /** Events that were numbered long ago, and what became of them on their way to an endpoint, if to any. */
  const fill = async (status?: { of: string; is: 'failed' | 'pending' }) => {
    const { id: instanceId } = server.instance
    const ids = Array.from({ length: MANY }, (_, index) => `${instanceId.slice(4)}_${index}`)
    const owned = { instance_id: instanceId, created_at: 1 }
    const events = ids.map((id, index) => ({
      ...owned,
      id: `evt_${id}`,
      type: 'user.created',
      subject_id: `user_${id}`,
      line_key: `user_${id}`,
      payload: '{}',
      cause: null,
      position: FIRST + index,
      expires_at: null,
      erasure: null,
    }))
    const deliveries = ids.map((id, index) => ({
      ...owned,
      id: `dlv_${id}`,
      endpoint_id: status?.of ?? '',
      event_id: `evt_${id}`,
      line_key: `user_${id}`,
      position: FIRST + index,
      status: status?.is ?? 'pending',
      attempts: 8,
      due_at: status?.is === 'pending' ? Number.MAX_SAFE_INTEGER : null,
      leased_until: null,
      claims: 8,
      released: 1,
      manual: 0,
    }))
    await server.server.database.transaction(async (queries) => {
      for (let at = 0; at < MANY; at += 500) {
        const unnumbered = queries as unknown as Kysely<Unnumbered>
        await unnumbered
          .insertInto('events')
          .values(events.slice(at, at + 500))
          .execute()
        if (status)
          await queries
            .insertInto('webhook_deliveries')
            .values(deliveries.slice(at, at + 500))
            .execute()
      }
    })
  }

  // Of disabled endpoints: what is brought waits, and can be counted.
  it('are all brought back when they were given up', async () => {
    const id = await addEndpoint({ disabled: true })
    await fill({ of: id, is: 'failed' })
    expect((await svix('POST', `/endpoint/${id}/recover`, { since })).status).toBe(202)
    expect(await stats(id)).toEqual({ success: 0, fail: 0, canceled: 0, sending: 0, pending: MANY })
  })

  it('are all brought when they were never sent', async () => {
    await fill()
    const id = await addEndpoint({ disabled: true, eventTypes: ['user.created'] })
    expect((await svix('POST', `/endpoint/${id}/replay-missing`, { since })).status).toBe(202)
    expect(await stats(id)).toEqual({ success: 0, fail: 0, canceled: 0, sending: 0, pending: MANY })
  })

  it('go with the endpoint, while others are served', async () => {
    const other = await addEndpoint({ url: `${receiver.url}/other` })
    const id = await addEndpoint()
    await fill({ of: id, is: 'pending' })
    const [{ status }] = await Promise.all([
      svix('DELETE', `/endpoint/${id}`),
      server.client.users.createUser({ emailAddress: ['ada@example.com'] }),
    ])
    expect(status).toBe(204)
    await eventually(async () => (await stats(other)).success === 1)
    const left = await server.server.database.read
      .selectFrom('webhook_deliveries')
      .select('id')
      .where('endpoint_id', '=', id)
      .execute()
    expect(left).toEqual([])
    expect((await svix('GET', '/endpoint')).body.data).toHaveLength(1)
  })
})
