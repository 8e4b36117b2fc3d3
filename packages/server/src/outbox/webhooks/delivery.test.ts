import { verifyWebhook as verifyByClerk } from '@clerk/backend/webhooks'
import { verifyWebhook } from '@latchkey/backend/webhooks'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { eventually, svixOf, useReceiver, type Received } from './receiver.test-support.js'

describe.each(dialects)('delivery of events on %s', (dialect) => {
  const server = useTestServer(dialect, {
    webhooks: { schedule: { pollEvery: 20, timeout: 2000, lease: 5000, overloadDelay: 60_000 } },
  })
  const receiver = useReceiver()
  const svix = svixOf(server)

  const addEndpoint = async (fields: object = {}) => {
    const { status, body } = await svix('POST', '/endpoint', { url: receiver.url, ...fields })
    expect(status).toBe(201)
    return body as { id: string }
  }
  const newUser = (firstName: string) =>
    server.client.users.createUser({ firstName, emailAddress: [`${firstName.toLowerCase()}@example.com`] })
  const attempts = async (id: string) =>
    (await svix('GET', `/attempt/endpoint/${id}`)).body.data as { status: number }[]
  const recorded = async (id: string, count: number) => {
    await eventually(async () => (await attempts(id)).length >= count)
    // oxlint-disable-next-line no-explicit-any
    return (await attempts(id)) as any[]
  }
  const requestOf = ({ headers, body }: Received) =>
    new Request('http://app.test/hooks', { method: 'POST', headers: headers as Record<string, string>, body })

  it('brings a change, signed so that every published verifier accepts it', async () => {
    const { id } = await addEndpoint()
    const signingSecret = (await svix('GET', `/endpoint/${id}/secret`)).body.key as string
    const user = await server.client.users.createUser({ emailAddress: ['ada@example.com'] })
    const [first] = await receiver.until(1)

    expect(await verifyByClerk(requestOf(first!), { signingSecret })).toMatchObject({ type: 'user.created' })
    expect(await verifyWebhook(requestOf(first!), { signingSecret })).toMatchObject({ data: { id: user.id } })
    expect(new Webhook(signingSecret).verify(first!.body, first!.headers as Record<string, string>)).toBeTruthy()
    expect(first!.event).toMatchObject({
      object: 'event',
      type: 'user.created',
      instance_id: server.instance.id,
      timestamp: server.clock.now(),
      data: { id: user.id, object: 'user' },
    })
    expect(first!.headers['svix-id']).toMatch(/^msg_\w{27}$/)
    expect(first!.headers).toMatchObject({ 'content-type': 'application/json' })
  })

  it('names the address and the agent of the request that caused it', async () => {
    await addEndpoint()
    const headers = { authorization: `Bearer ${server.instance.secretKey}`, 'user-agent': 'shop/2' }
    const body = new URLSearchParams({ email_address: 'a@example.com' })
    const request = new Request('http://api.test/v1/users', { method: 'POST', headers, body })
    expect((await server.server.fetch(request, { remoteAddress: '192.0.2.9' })).status).toBe(200)
    const [first] = await receiver.until(1)
    expect(first!.event.event_attributes).toEqual({ http_request: { client_ip: '192.0.2.9', user_agent: 'shop/2' } })
  })

  it('sends the same bytes and the same id at every attempt, with the time of the attempt', async () => {
    receiver.answer = () => (receiver.received.length < 3 ? 500 : 200)
    const { id } = await addEndpoint()
    await server.client.users.createUser({ emailAddress: ['ada@example.com'] })
    await recorded(id, 1)
    server.clock.advance(4000)
    await new Promise((resolve) => setTimeout(resolve, 100))
    server.clock.advance(2000)
    await recorded(id, 2)
    expect(receiver.received).toHaveLength(2)
    server.clock.advance(6 * 60_000)
    await recorded(id, 3)

    const [first, , third] = receiver.received
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    const seconds = ({ headers }: Received) => Number(headers['webhook-timestamp'])
    expect(seconds(third!) - seconds(first!)).toBeGreaterThan(300)
    expect((await attempts(id)).map(({ status }) => status)).toEqual([0, 2, 2])
  })

  it('keeps the order of a user, and lets a line wait for three attempts of its head', async () => {
    const seen: string[] = []
    receiver.answer = ({ event }) => {
      seen.push(`${event.type} ${event.data.first_name ?? ''}`.trim())
      return event.type === 'user.created' ? 503 : 200
    }
    const { id } = await addEndpoint({ eventTypes: ['user.created', 'user.updated'] })
    const user = await newUser('Ada')
    for (const firstName of ['B', 'C', 'D']) await server.client.users.updateUser(user.id, { firstName })
    await recorded(id, 1)
    server.clock.advance(75_000)
    await recorded(id, 2)
    expect(seen).toEqual(['user.created Ada', 'user.created Ada'])
    server.clock.advance(10 * 60_000)
    await recorded(id, 6)
    expect(seen.slice(2)).toEqual(['user.created Ada', 'user.updated B', 'user.updated C', 'user.updated D'])
  })

  it('lets nobody else wait for the line of a failing user', async () => {
    receiver.answer = ({ event }) => (event.data.first_name === 'Bad' ? 500 : 200)
    await addEndpoint()
    await newUser('Bad')
    await newUser('Good')
    await eventually(() => receiver.received.some(({ event }) => event.data.first_name === 'Good'))
  })

  it('lets a strict line wait until its head is given up', async () => {
    receiver.answer = ({ event }) => (event.type === 'user.created' ? 500 : 200)
    const { id } = await addEndpoint({ ordering: 'strict' })
    const user = await newUser('Ada')
    await server.client.users.updateUser(user.id, { firstName: 'B' })
    for (let made = 1; made < 8; made++) {
      await recorded(id, made)
      server.clock.advance(13 * 60 * 60_000)
    }
    await recorded(id, 8)
    server.clock.advance(60_000)
    await recorded(id, 9)
    expect(receiver.received.map(({ event }) => event.type)).toEqual([
      ...Array.from({ length: 8 }, () => 'user.created'),
      'user.updated',
    ])
  })

  it('gives up after eight attempts, and brings the event back when asked', async () => {
    receiver.answer = () => 400
    const { id } = await addEndpoint()
    const since = new Date(server.clock.now() - 1000).toISOString()
    await newUser('Ada')
    for (let made = 1; made <= 8; made++) {
      await recorded(id, made)
      server.clock.advance(13 * 60 * 60_000)
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(receiver.received).toHaveLength(8)
    receiver.answer = () => 200
    expect((await svix('POST', `/endpoint/${id}/recover`, { since })).status).toBe(202)
    await receiver.until(9)
    expect(receiver.received[8]!.body).toBe(receiver.received[0]!.body)
  })

  it('waits as long as the receiver asks, up to twice the plan', async () => {
    receiver.answer = (_, response) => void response.writeHead(500, { 'retry-after': '9' }).end()
    const { id } = await addEndpoint()
    await newUser('Ada')
    await recorded(id, 1)
    server.clock.advance(8500)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(receiver.received).toHaveLength(1)
    server.clock.advance(500)
    await recorded(id, 2)
  })

  it('gives a message up when the receiver says so, and disables an endpoint that is gone', async () => {
    receiver.answer = (_, response) => void response.writeHead(400, { 'webhook-delivery': 'abort-message' }).end()
    const { id } = await addEndpoint()
    const user = await newUser('Ada')
    await recorded(id, 1)
    receiver.answer = () => 410
    await server.client.users.updateUser(user.id, { firstName: 'B' })
    await eventually(async () => (await svix('GET', `/endpoint/${id}`)).body.disabled === true)
    await server.client.users.updateUser(user.id, { firstName: 'C' })
    expect(receiver.received).toHaveLength(2)

    receiver.answer = () => 200
    const since = new Date(server.clock.now() - 1000).toISOString()
    await svix('PATCH', `/endpoint/${id}`, { disabled: false })
    server.clock.advance(10_000)
    await svix('POST', `/endpoint/${id}/replay-missing`, { since })
    await receiver.until(4)
    expect(receiver.received.map(({ event }) => event.data.first_name).sort()).toEqual(['Ada', 'B', 'B', 'C'])
  })

  it('disables an endpoint that took nothing for five days, and one that works never', async () => {
    receiver.answer = ({ path }) => (path === '/hooks' ? 500 : 200)
    const { id } = await addEndpoint()
    const good = await addEndpoint({ url: `${receiver.url}/good` })
    for (const firstName of ['A', 'B', 'C']) await newUser(firstName)
    for (let made = 1; made <= 24; made++) {
      // Left alone for a moment after failures in a row.
      await recorded(id, made)
      server.clock.advance(made % 3 === 0 ? 13 * 60 * 60_000 : 60_000)
    }
    expect((await svix('GET', `/endpoint/${id}`)).body.disabled).toBe(false)
    server.clock.advance(24 * 60 * 60_000)
    await newUser('D')
    await eventually(async () => (await svix('GET', `/endpoint/${id}`)).body.disabled === true)
    expect((await svix('GET', `/endpoint/${good.id}`)).body.disabled).toBe(false)
    const { data: entries } = { data: await server.server.admin.latestAudit(server.instance.id, { targetId: id }, 10) }
    expect(entries.map(({ action }) => action)).toEqual([
      'webhook_endpoint.created',
      'webhook_endpoint.failing',
      'webhook_endpoint.disabled',
    ])
  })

  it('lets no endpoint that never answers delay another', async () => {
    receiver.answer = ({ path }) => (path === '/hooks/silent' ? undefined : 200)
    await addEndpoint({ url: `${receiver.url}/silent` })
    await addEndpoint()
    await Promise.all(Array.from({ length: 30 }, (_, n) => newUser(`U${n}`)))
    const started = performance.now()
    await eventually(() => receiver.received.filter(({ path }) => path === '/hooks').length === 30)
    expect(performance.now() - started).toBeLessThan(3000)
  })

  it('signs with the old secret too after a rotation, for as long as was said', async () => {
    const { id } = await addEndpoint()
    const secret = async () => (await svix('GET', `/endpoint/${id}/secret`)).body.key as string
    const old = await secret()
    expect((await svix('POST', `/endpoint/${id}/secret/rotate`, {})).status).toBe(204)
    const current = await secret()
    expect(current).not.toBe(old)
    await newUser('A')
    const [first] = await receiver.until(1)
    for (const signingSecret of [old, current])
      await verifyWebhook(requestOf(first!), { signingSecret, tolerance: Number.MAX_SAFE_INTEGER })
    server.clock.advance(25 * 60 * 60_000)
    await newUser('B')
    await receiver.until(2)
    expect(String(receiver.received[1]!.headers['svix-signature']).split(' ')).toHaveLength(1)
  })

  it('sends own headers, and shows the values of secret ones to nobody again', async () => {
    const headers = { 'X-Shop': 'berlin', Authorization: 'Bearer hush-hush' }
    const { id } = await addEndpoint({ headers })
    await newUser('A')
    const [first] = await receiver.until(1)
    expect(first!.headers).toMatchObject({ 'x-shop': 'berlin', authorization: 'Bearer hush-hush' })
    const shown = (await svix('GET', `/endpoint/${id}/headers`)).body
    expect(shown).toEqual({ headers: { 'X-Shop': 'berlin' }, sensitive: ['Authorization'] })
    const { rows } = { rows: await server.server.database.read.selectFrom('webhook_endpoints').selectAll().execute() }
    expect(JSON.stringify(rows)).not.toContain('hush-hush')
  })

  it('sends only the types an endpoint asked for, and nothing to a disabled one', async () => {
    await addEndpoint({ filterTypes: ['user.deleted'] })
    await addEndpoint({ url: `${receiver.url}/off`, disabled: true })
    const user = await newUser('A')
    await server.client.users.deleteUser(user.id)
    await receiver.until(1)
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(receiver.received.map(({ path, event }) => [path, event.type])).toEqual([['/hooks', 'user.deleted']])
  })

  it('follows no redirect, and reads a long answer only in part', async () => {
    receiver.answer = ({ path }, response) => {
      if (path === '/hooks') response.writeHead(302, { location: `${receiver.url}/moved` }).end()
      else response.writeHead(200).end('x'.repeat(1_000_000))
    }
    const { id } = await addEndpoint({ ordering: 'none' })
    const long = await addEndpoint({ url: `${receiver.url}/long` })
    await newUser('A')
    expect((await recorded(id, 1))[0]).toMatchObject({ status: 2, responseStatusCode: 302 })
    const [attempt] = await recorded(long.id, 1)
    expect(attempt).toMatchObject({ status: 0, responseStatusCode: 200 })
    expect(attempt.response).toHaveLength(20 * 1024)
    expect(receiver.received.map(({ path }) => path).sort()).toEqual(['/hooks', '/hooks/long'])
  })

  it('gives an answer of one byte a second no more time than any other', async () => {
    receiver.answer = (_, response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write('x'), 100)
      response.on('close', () => clearInterval(timer))
    }
    const { id } = await addEndpoint()
    await newUser('A')
    expect((await recorded(id, 1))[0]).toMatchObject({ status: 2, responseStatusCode: 0 })
  })

  it('sends no code once it has expired, and erases it', async () => {
    receiver.answer = ({ event }) => (event.type === 'email.created' ? 500 : 200)
    const { id } = await addEndpoint({ eventTypes: ['email.created'] })
    const user = await server.client.users.createUser({ emailAddress: ['ada@example.com'] })
    await server.call('POST', `/email_addresses/${user.emailAddresses[0]!.id}/prepare_verification`)
    await recorded(id, 1)
    expect(receiver.received[0]!.event.data.data.otp_code).toMatch(/^\d{6}$/)
    server.clock.advance(11 * 60_000)
    await eventually(async () => {
      const rows = await server.server.database.read
        .selectFrom('webhook_deliveries')
        .select('status')
        .where('endpoint_id', '=', id)
        .execute()
      return rows.some(({ status }) => status === 'canceled')
    })
    expect(receiver.received).toHaveLength(1)
  })

  it('keeps no answer that repeats a code', async () => {
    receiver.answer = ({ event, body }, response) =>
      void response.writeHead(200).end(event.data.slug === 'verification_code' ? `I got ${body}` : 'thanks')
    const { id } = await addEndpoint({ eventTypes: ['email.created'] })
    const user = await server.client.users.createUser({ emailAddress: ['ada@example.com'] })
    await server.call('POST', `/email_addresses/${user.emailAddresses[0]!.id}/prepare_verification`)
    const [attempt] = await recorded(id, 1)
    const code = receiver.received[0]!.event.data.data.otp_code as string
    expect(attempt).toMatchObject({ status: 0, response: expect.stringContaining('repeats the code') })
    const rows = await server.server.database.read.selectFrom('webhook_attempts').selectAll().execute()
    expect(JSON.stringify(rows.map(({ response }) => response))).not.toContain(code)
    await server.client.invitations.createInvitation({ emailAddress: 'grace@example.com' })
    expect((await recorded(id, 2)).map(({ response }) => response)).toContain('thanks')
  })

  it('numbers events without gaps, in the order in which each user changed', async () => {
    await Promise.all(Array.from({ length: 64 }, (_, n) => newUser(`U${n}`)))
    await eventually(async () => (await server.events()).every(({ position }) => position !== null))
    const positions = (await server.events()).map(({ position }) => position!)
    expect([...positions].sort((a, b) => a - b)).toEqual(Array.from({ length: 64 }, (_, n) => n + 1))
  })
})
