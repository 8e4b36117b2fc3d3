import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { eventually, svixOf, useReceiver } from './receiver.test-support.js'
import { webhookRemovals } from './webhooks.js'

const DAY = 24 * 60 * 60_000

describe.each(dialects)('the retention of events on %s', (dialect) => {
  // Weeks pass between two attempts: a receiver that fails at both would be disabled.
  const schedule = { pollEvery: 20, disableAfter: 1000 * DAY }
  const server = useTestServer(dialect, { webhooks: { schedule } })
  const receiver = useReceiver()
  const svix = svixOf(server)
  const newUser = (name: string) => server.client.users.createUser({ emailAddress: [`${name}@example.com`] })
  const subjects = async () => (await server.events()).map(({ subjectId }) => subjectId)
  const remove = async (retentionDays?: number) => {
    const options = retentionDays === undefined ? {} : { retentionDays }
    for (const job of webhookRemovals(options)(server.server.database)) await job.run(server.clock.now())
  }

  it('is 30 days, or as set, and removes nothing that is not delivered', async () => {
    receiver.answer = ({ event }) => (event.data.email_addresses[0].email_address.startsWith('bad') ? 500 : 200)
    const { id } = (await svix('POST', '/endpoint', { url: receiver.url, ordering: 'none' })).body
    const attempts = async () => (await svix('GET', `/attempt/endpoint/${id}`)).body.data
    const good = await newUser('good')
    const bad = await newUser('bad')
    await eventually(async () => (await attempts()).length === 2)

    server.clock.advance(29 * DAY)
    // The next attempt is planned when this one has failed. Only then is the clock turned on.
    await eventually(async () => (await attempts()).length === 3)
    await remove()
    expect(await subjects()).toEqual([good.id, bad.id])
    await remove(28)
    expect(await subjects()).toEqual([bad.id])

    receiver.answer = () => 200
    server.clock.advance(DAY)
    await eventually(async () => (await svix('GET', `/endpoint/${id}/stats`)).body.success === 1)
    server.clock.advance(DAY)
    await remove()
    expect(await subjects()).toEqual([])
    const oldest = new Date(server.clock.now() - 30 * DAY).toISOString()
    for (const { timestamp } of await attempts()) expect(timestamp >= oldest).toBe(true)
  })

  it.each([0, -1, 1.5, Number.NaN])('cannot be %s days', (retentionDays) => {
    expect(() => webhookRemovals({ retentionDays })).toThrow(RangeError)
  })
})
