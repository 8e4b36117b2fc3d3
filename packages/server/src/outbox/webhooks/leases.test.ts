import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createIds, systemRandom } from '../../kernel/runtime.js'
import { dialects, StillClock, useTestServer } from '../../server.test-support.js'
import { svixOf } from './receiver.test-support.js'
import { Sequencer } from './sequencer.js'
import { WebhookStore, type Outcome } from './webhook-store.js'
import type { DeliveryRecord } from './webhooks.table.js'

const HOUR = 60 * 60_000
/** Milliseconds. */
const LEASE = 1500

describe.each(dialects)('the lease of a delivery on %s', (dialect) => {
  const server = useTestServer(dialect)
  const svix = svixOf(server)

  /** A delivery that is due, and what two nodes do with it: each has a clock of its own. */
  const begin = async () => {
    const { status, body: endpoint } = await svix('POST', '/endpoint', { url: 'https://app.example/hooks' })
    expect(status, JSON.stringify(endpoint)).toBe(201)
    await server.client.users.createUser({ emailAddress: ['ada@example.com'] })
    const { database } = server.server
    const store = new WebhookStore(database)
    await new Sequencer({ database, ids: createIds(server.clock, systemRandom) }).number(server.clock.now())
    const claim = (clock = server.clock) =>
      store.claim([{ endpointId: endpoint.id, limit: 8 }], { now: clock.now(), lease: LEASE })
    const settle = (delivery: DeliveryRecord, status: Outcome['status']) => {
      const dueAt = status === 'pending' ? server.clock.now() : null
      const outcome = { delivery, status, dueAt, counts: true, released: status !== 'pending', attempt: undefined }
      return store.settle([outcome], [], server.clock.now())
    }
    const stored = () =>
      database.read
        .selectFrom('webhook_deliveries')
        .select(['status', 'attempts'])
        .where('endpoint_id', '=', endpoint.id)
        .execute()
    return { claim, settle, stored }
  }

  it('ends by the clock of the database, whatever a node’s clock says (mistake 24)', async () => {
    const { claim } = await begin()
    const later = new StillClock(server.clock.now() + HOUR)
    expect(await claim()).toHaveLength(1)
    expect(await claim(later)).toEqual([])
    await pause(LEASE + 100)
    expect(await claim()).toHaveLength(1)
  })

  it('that another node has taken over lets the first one settle nothing (mistake 24)', async () => {
    const { claim, settle, stored } = await begin()
    const [first] = await claim()
    await pause(LEASE + 100)
    const [second] = await claim()
    await settle(first!, 'failed')
    expect(await stored()).toEqual([{ status: 'pending', attempts: 0 }])
    expect(await claim()).toEqual([])
    await settle(second!, 'succeeded')
    expect(await stored()).toEqual([{ status: 'succeeded', attempts: 1 }])
    await settle(first!, 'pending')
    expect(await stored()).toEqual([{ status: 'succeeded', attempts: 1 }])
  })
})
