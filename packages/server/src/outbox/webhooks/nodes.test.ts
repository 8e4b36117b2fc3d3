import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createServer, type Server, type ServerOptions } from '../../index.js'
import { API_URL, dialects, newMigratedDatabase } from '../../server.test-support.js'
import { eventually, useReceiver } from './receiver.test-support.js'

const INSTANCE = 'ins_nodes'
const KEY = `sk_test_${INSTANCE}`
/** Longer than any test: what arrives did not wait for a poll. */
const NEVER = 60 * 60_000
/** A look each second, and a busy machine. */
const A_MOMENT = 6000

describe.runIf(dialects.includes('postgres'))('two nodes on one PostgreSQL', () => {
  const receiver = useReceiver()
  const nodes: Server[] = []
  let location: string
  let drop: () => Promise<void>

  beforeEach(async () => {
    const made = await newMigratedDatabase('postgres')
    location = made.location
    drop = made.drop
  })
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.close()))
    await drop()
  })

  const node = async (webhooks: ServerOptions['webhooks'] = { schedule: { pollEvery: NEVER } }) => {
    const passwords = { memoryKib: 64, passes: 1 }
    const options = {
      database: location,
      publicUrl: API_URL,
      encryptionKey: 'ab'.repeat(32),
      passwords,
      databaseTimeout: NEVER,
    }
    const server = await createServer({ ...options, webhooks })
    nodes.push(server)
    return server
  }
  const call = async (server: Server, method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }
    const given = body ? { body: JSON.stringify(body) } : {}
    const answer = await server.fetch(new Request(`${API_URL}${path}`, { method, headers, ...given }))
    expect(answer.status).toBeLessThan(300)
    // oxlint-disable-next-line no-explicit-any
    return (await answer.json()) as any
  }
  const begin = async (server: Server) => {
    await server.createInstance({ id: INSTANCE, secretKey: KEY })
    await call(server, 'POST', `/api/v1/app/${INSTANCE}/endpoint`, { url: receiver.url })
  }
  const newUser = (server: Server, username: string) =>
    call(server, 'POST', '/v1/users', { username, public_metadata: { version: 0 } })
  const change = (server: Server, id: string, version: number) =>
    call(server, 'PATCH', `/v1/users/${id}`, { public_metadata: { version } })
  const versionsOf = (id: string) =>
    receiver.received.filter(({ event }) => event.data.id === id).map(({ event }) => event.data.public_metadata.version)

  it('send what either changes without waiting for a poll, each change once and each user in order', async () => {
    const [a, b] = [await node(), await node()]
    await begin(a)
    const users = await Promise.all(Array.from({ length: 12 }, (_, n) => newUser(n % 2 === 0 ? a : b, `user_${n}`)))
    for (const version of [1, 2, 3])
      await Promise.all(users.map(({ id }, n) => change((n + version) % 2 === 0 ? a : b, id, version)))
    await eventually(() => receiver.received.length >= 48)
    for (const { id } of users) expect(versionsOf(id)).toEqual([0, 1, 2, 3])
  })

  it('number the changes of one user in the order in which they were committed', async () => {
    const [a, b] = [await node(), await node()]
    await begin(a)
    const { id } = await newUser(a, 'ada_l')
    const add = (n: number) =>
      call(n % 2 === 0 ? a : b, 'PATCH', `/v1/users/${id}/metadata`, { public_metadata: { [`key_${n}`]: n } })
    await Promise.all(Array.from({ length: 24 }, (_, n) => add(n)))
    await eventually(() => receiver.received.length >= 25)
    // Each change adds a key to those of the one before.
    const sizes = receiver.received.map(({ event }) => Object.keys(event.data.public_metadata).length)
    expect(sizes).toEqual(Array.from({ length: 25 }, (_, n) => n + 1))
    const { data } = await call(a, 'GET', '/v1/events?limit=500')
    expect(data.map((event: { data: object }) => event.data)).toEqual(receiver.received.map(({ event }) => event.data))
  })

  it('go on with a line whose head the other one was sending', async () => {
    const held: ServerResponse[] = []
    receiver.answer = (_, response) => (held.length === 0 ? void held.push(response) : 200)
    const [a, b] = [await node(), await node()]
    await begin(a)
    const { id } = await newUser(a, 'ada_l')
    await eventually(() => held.length === 1)
    await change(b, id, 1)
    await change(b, id, 2)
    expect(versionsOf(id)).toEqual([0])
    held[0]!.writeHead(200).end()
    await eventually(() => receiver.received.length === 3, A_MOMENT)
    expect(versionsOf(id)).toEqual([0, 1, 2])
  })

  it('answer whoever waits at one with what the other one changes, within a second or so', async () => {
    const [a, b] = [await node(), await node()]
    await begin(a)
    const { cursor } = await call(b, 'GET', '/v1/events?after=latest')
    const waiting = call(b, 'GET', `/v1/events?after=${cursor}&wait=30`)
    const { id } = await newUser(a, 'ada_l')
    const started = performance.now()
    expect((await waiting).data).toMatchObject([{ type: 'user.created', data: { id } }])
    expect(performance.now() - started).toBeLessThan(A_MOMENT)
  })

  it('send what a command beside them changes, within a second or so', async () => {
    await begin(await node({}))
    const command = await node({ deliver: false })
    const started = performance.now()
    await newUser(command, 'ada_l')
    await eventually(() => receiver.received.length === 1, A_MOMENT)
    expect(performance.now() - started).toBeLessThan(A_MOMENT)
  })
})
