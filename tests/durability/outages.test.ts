import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Kysely } from 'kysely'
import type { Schema } from '../../packages/server/src/storage/schema.js'
import { createServer, type Server } from '../../packages/server/src/index.js'
import { dialects, newMigratedDatabase } from '../../packages/server/src/server.test-support.js'
import { eventually } from '../../packages/server/src/outbox/webhooks/receiver.test-support.js'

const LONG = process.env['LATCHKEY_LONG_TESTS'] === 'true'
const BACKLOG = LONG ? 1_000_000 : 20_000
const USERS = LONG ? 500 : 50
/** Deliveries of which the middle one is taken. */
const MEASURED = LONG ? 25 : 5
const FILLED_AT_ONCE = 1000
/** Nobody listens there. */
const DEAD = 'http://127.0.0.1:59999/'
const INSTANCE = 'ins_outages'

/** The database itself gives the sequence. */
interface Unnumbered {
  events: Omit<Schema['events'], 'sequence'>
}

describe.each(dialects)('outages on %s', (dialect) => {
  let server: Server
  let drop: () => Promise<void>
  let receiver: HttpServer | undefined
  /** Ids of users, as their events came. */
  const received: { id: string; version: number }[] = []

  const listen = async (port = 0) => {
    receiver = createHttpServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const { data } = JSON.parse(Buffer.concat(chunks).toString()) as {
          data: { id: string; public_metadata: { version: number } }
        }
        received.push({ id: data.id, version: data.public_metadata.version })
        response.writeHead(200).end()
      })
    })
    await new Promise<void>((resolve) => receiver!.listen(port, '127.0.0.1', resolve))
    return (receiver.address() as AddressInfo).port
  }
  const close = async () => {
    receiver?.closeAllConnections()
    await new Promise((resolve) => (receiver ? receiver.close(resolve) : resolve(undefined)))
    receiver = undefined
  }
  const call = async (method: string, path: string, body: object) => {
    const headers = { authorization: `Bearer sk_test_${INSTANCE}`, 'content-type': 'application/json' }
    const request = new Request(`http://api.test${path}`, { method, headers, body: JSON.stringify(body) })
    const response = await server.fetch(request)
    expect(response.status).toBeLessThan(300)
    return (await response.json()) as { id: string }
  }
  const addEndpoint = (url: string) => call('POST', `/api/v1/app/${INSTANCE}/endpoint`, { url })
  const newUser = (username: string) => call('POST', '/v1/users', { username, public_metadata: { version: 0 } })

  beforeEach(async () => {
    const made = await newMigratedDatabase(dialect)
    drop = made.drop
    server = await createServer({
      database: made.location,
      passwords: { memoryKib: 64, passes: 1 },
      webhooks: {
        schedule: {
          retryDelays: Array.from({ length: 1000 }, () => 100),
          timeout: 500,
          lease: 2500,
          pollEvery: 100,
          overloadDelay: 100,
        },
      },
    })
    await server.createInstance({ id: INSTANCE, secretKey: `sk_test_${INSTANCE}` })
    received.length = 0
  })
  afterEach(async () => {
    await close()
    await server.close()
    await drop()
  })

  it('end with every change at the receiver, each user in order', { timeout: 600_000 }, async () => {
    const port = await listen()
    const { id: endpoint } = await addEndpoint(`http://127.0.0.1:${port}/`)
    await call('PATCH', `/api/v1/app/${INSTANCE}/endpoint/${endpoint}`, { ordering: 'strict' })
    await newUser('first')
    await eventually(() => received.length === 1)
    await close()

    const users = await fiftyAtATime(Array.from({ length: USERS }, (_, n) => () => newUser(`user_${n}`)))
    for (const version of [1, 2]) {
      const change = (id: string) => call('PATCH', `/v1/users/${id}`, { public_metadata: { version } })
      await fiftyAtATime(
        users.map(
          ({ id }) =>
            () =>
              change(id),
        ),
      )
    }
    await pause(LONG ? 30_000 : 1000)
    expect(received).toHaveLength(1)

    await listen(port)
    // Left alone for up to a minute after so many failures.
    await eventually(
      () => new Set(received.map(({ id, version }) => `${id} ${version}`)).size === 3 * USERS + 1,
      300_000,
    )
    for (const { id } of users) {
      const versions = received.filter((event) => event.id === id).map(({ version }) => version)
      // What came again, because its answer was late, is not part of the promise.
      expect([...new Set(versions)]).toEqual([0, 1, 2])
    }
  })

  it('of one endpoint keep nothing from others', { timeout: 1_800_000 }, async () => {
    await addEndpoint(`http://127.0.0.1:${await listen()}/`)
    let users = 0
    const firstDelivery = async () => {
      const times: number[] = []
      for (let measured = 0; measured < MEASURED; measured++) {
        const started = performance.now()
        const { id } = await newUser(`someone_${users++}`)
        await eventually(() => received.some((event) => event.id === id))
        times.push(performance.now() - started)
      }
      return times.sort((a, b) => a - b)[Math.floor(MEASURED / 2)]!
    }
    const alone = await firstDelivery()
    await fillBacklog(server, (await addEndpoint(DEAD)).id)
    const beside = await firstDelivery()
    if (LONG)
      console.info(
        `${dialect}: first delivery ${alone.toFixed(1)} ms alone, ${beside.toFixed(1)} ms beside ${BACKLOG} due`,
      )
    expect(received).toHaveLength(2 * MEASURED)
  })
})

/** Deliveries that are due, each in a line of its own, of events below the positions that cursors read. */
async function fillBacklog({ database }: Server, endpointId: string): Promise<void> {
  for (let at = 0; at < BACKLOG; at += FILLED_AT_ONCE) {
    const events = Array.from({ length: FILLED_AT_ONCE }, (_, index) => ({
      id: `evt_backlog_${at + index}`,
      instance_id: INSTANCE,
      created_at: 1,
      type: 'user.created',
      subject_id: `user_gone_${at + index}`,
      line_key: `user_gone_${at + index}`,
      payload: '{}',
      cause: null,
      position: -1 - at - index,
      expires_at: null,
    }))
    const rows = Array.from({ length: FILLED_AT_ONCE }, (_, index) => ({
      id: `dlv_${at + index}`,
      instance_id: INSTANCE,
      created_at: 1,
      endpoint_id: endpointId,
      event_id: `evt_backlog_${at + index}`,
      line_key: `user_gone_${at + index}`,
      position: 0,
      status: 'pending' as const,
      attempts: 0,
      due_at: 1,
      leased_until: null,
      claims: 0,
      released: 0,
      manual: 0,
    }))
    await database.transaction(async (queries) => {
      await (queries as unknown as Kysely<Unnumbered>).insertInto('events').values(events).execute()
      await queries.insertInto('webhook_deliveries').values(rows).execute()
    })
  }
}

/** More at once would wait for connections of PostgreSQL longer than requests may. */
async function fiftyAtATime<T>(tasks: (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = []
  for (let start = 0; start < tasks.length; start += 50)
    results.push(...(await Promise.all(tasks.slice(start, start + 50).map((task) => task()))))
  return results
}
