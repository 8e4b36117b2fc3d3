import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { eventually, svixOf, useReceiver } from './receiver.test-support.js'

describe.each(dialects)('what is deleted while it is being sent on %s', (dialect) => {
  const server = useTestServer(dialect, { webhooks: { schedule: { pollEvery: 20 } } })
  const receiver = useReceiver()
  const svix = svixOf(server)
  const addEndpoint = async (path: string) =>
    (await svix('POST', '/endpoint', { url: `${receiver.url}/${path}` })).body.id as string
  const attempts = async (id: string) => (await svix('GET', `/attempt/endpoint/${id}`)).body.data as object[]

  it('is an endpoint: what came of the others is recorded all the same', async () => {
    const held: ServerResponse[] = []
    receiver.answer = (_, response) => void held.push(response)
    const gone = await addEndpoint('gone')
    // As many attempts as are settled together.
    const kept = await Promise.all(['a', 'b', 'c'].map(addEndpoint))
    for (const name of ['ada', 'bob']) await server.client.users.createUser({ emailAddress: [`${name}@example.com`] })
    await eventually(() => held.length === 8)
    expect((await svix('DELETE', `/endpoint/${gone}`)).status).toBe(204)
    for (const response of held) response.writeHead(200).end()

    for (const id of kept) {
      await eventually(async () => (await attempts(id)).length === 2)
      expect((await svix('GET', `/endpoint/${id}/stats`)).body).toMatchObject({ success: 2, sending: 0 })
    }
    expect((await svix('GET', `/endpoint/${gone}`)).status).toBe(404)
    expect(receiver.received).toHaveLength(8)
  })

  it('is an endpoint that events are to be sent to again: there is none, then', async () => {
    await server.client.users.createUser({ emailAddress: ['ada@example.com'] })
    await eventually(async () => (await svix('GET', '/msg')).body.data.length === 1)
    const event = (await svix('GET', '/msg')).body.data[0].id as string
    const paths = ['/send-example', '/replay-missing', `/${event}`]
    for (const path of paths) {
      const id = await addEndpoint('gone')
      const [url, body] =
        path === `/${event}`
          ? [`/msg/${event}/endpoint/${id}/resend`, undefined]
          : [`/endpoint/${id}${path}`, { eventType: 'user.created', since: '2020-01-01T00:00:00Z' }]
      const answered = await server.server.database.transaction(async (queries) => {
        await queries.deleteFrom('webhook_endpoints').where('id', '=', id).execute()
        const answer = svix('POST', url, body)
        // It has found the endpoint by then, and waits to write.
        await new Promise((resolve) => setTimeout(resolve, 100))
        return () => answer
      })
      expect(await answered()).toMatchObject({ status: 404 })
    }
  })
})
