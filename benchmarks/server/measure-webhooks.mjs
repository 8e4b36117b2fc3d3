import { fork } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ENCRYPTION_KEY, KEY } from './measure-requests.mjs'

const RECEIVER = fileURLToPath(new URL('webhook-receiver.mjs', import.meta.url))
/** Nobody listens there. */
const DEAD = 'http://127.0.0.1:59999/'
/** About the size of a user. */
const PAYLOAD = JSON.stringify({ id: 'user_bench', object: 'user', filler: 'x'.repeat(1500) })
const AT_ONCE = 500
/** Of which the middle one is taken. */
const CHANGES = 101

/** Delivery of events that were committed before, of as many users, to a receiver in another process. */
export async function measureWebhooks({ quick, folder, log }) {
  log('Webhooks …')
  const events = quick ? 2000 : 10_000
  const backlog = quick ? 100_000 : 1_000_000
  const alone = await deliver({ file: join(folder, 'webhooks.db'), events, backlog: 0 })
  const beside = await deliver({ file: join(folder, 'backlog.db'), events, backlog })
  const silent = await deliver({ file: join(folder, 'silent.db'), events, backlog: 0, other: '/silent' })
  const row = (what, { cpu, seconds }) =>
    `| ${what} | ${(cpu / events).toFixed(0)} | ${Math.round(events / (cpu / 1e6))} | ${Math.round(events / seconds)} |`
  return `## Webhooks\n\n${events} events committed beforehand, SQLite, a receiver in another process. A dead endpoint refuses connections, has ${backlog} deliveries that are due, and is queued the same events; a silent one takes them and never answers.\n\n| delivered | CPU µs an event | events a CPU second | events a second |\n|---|--:|--:|--:|\n${row('alone', alone)}\n${row('beside a dead endpoint', beside)}\n${row('beside a silent endpoint', silent)}\n\nBeside the dead endpoint: ${(beside.cpu / alone.cpu).toFixed(2)} of the CPU. A change made after that is at the receiver after ${alone.first.toFixed(1)} ms alone, ${beside.first.toFixed(1)} ms beside the dead endpoint (${(beside.first / alone.first).toFixed(2)}, wanted is 2), and ${silent.first.toFixed(1)} ms beside the silent one; medians of ${CHANGES}.`
}

async function deliver({ file, events, backlog, other }) {
  const { createServer } = await import('@latchkey/server')
  const receiver = fork(RECEIVER)
  const { port } = await new Promise((resolve) => receiver.once('message', resolve))
  const options = { database: file, encryptionKey: ENCRYPTION_KEY }
  const before = await createServer({ ...options, webhooks: { deliver: false } })
  const { id: instanceId } = await before.createInstance({ secretKey: KEY })
  const webhooks = await before.admin.webhooks(instanceId)
  await webhooks.add({ url: `http://127.0.0.1:${port}/` })
  if (other) await webhooks.add({ url: `http://127.0.0.1:${port}${other}` })
  if (backlog > 0)
    await fillBacklog(before.database, instanceId, (await webhooks.add({ url: DEAD })).endpoint.id, backlog)
  await fillEvents(before.database, instanceId, events)
  await before.close()

  const cpu = process.cpuUsage()
  const started = performance.now()
  const server = await createServer(options)
  await new Promise((resolve) => {
    receiver.on('message', ({ count }) => count === events && resolve())
  })
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const first = await firstDelivery(server, receiver)
  await server.close()
  receiver.kill()
  return { cpu: user + system, seconds, first }
}

/** Milliseconds from a request that changes something to the receiver. */
async function firstDelivery(server, receiver) {
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }
  const times = []
  for (let made = 0; made < CHANGES; made++) {
    const started = performance.now()
    const received = new Promise((resolve) => receiver.once('message', resolve))
    const body = JSON.stringify({ username: `someone_${made}` })
    await server.fetch(new Request('http://bench.test/v1/users', { method: 'POST', headers, body }))
    await received
    times.push(performance.now() - started)
  }
  return times.sort((a, b) => a - b)[CHANGES >> 1]
}

async function fillEvents(database, instanceId, count) {
  await fill(database, 'events', count, (index) => eventOf(instanceId, String(index)))
}

function eventOf(instanceId, name) {
  return {
    id: `evt_${name}`,
    instance_id: instanceId,
    created_at: Date.now(),
    type: 'user.created',
    subject_id: `user_${name}`,
    line_key: `user_${name}`,
    payload: PAYLOAD,
    cause: null,
    position: null,
    expires_at: null,
  }
}

/** Deliveries of events below the positions that cursors read. */
async function fillBacklog(database, instanceId, endpointId, count) {
  const event = (index) => ({
    ...eventOf(instanceId, `backlog_${index}`),
    created_at: 1,
    payload: '{}',
    position: -1 - index,
  })
  await fill(database, 'events', count, event)
  const delivery = (index) => ({
    id: `dlv_${index}`,
    instance_id: instanceId,
    created_at: 1,
    endpoint_id: endpointId,
    event_id: `evt_backlog_${index}`,
    line_key: `user_backlog_${index}`,
    position: 0,
    status: 'pending',
    attempts: 0,
    due_at: 1,
    leased_until: null,
    claims: 0,
    released: 0,
    manual: 0,
  })
  await fill(database, 'webhook_deliveries', count, delivery)
}

async function fill(database, table, count, row) {
  for (let at = 0; at < count; at += AT_ONCE) {
    const rows = Array.from({ length: AT_ONCE }, (_, index) => row(at + index))
    await database.transaction((queries) => queries.insertInto(table).values(rows).execute())
  }
}
