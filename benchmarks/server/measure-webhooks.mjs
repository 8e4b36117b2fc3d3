import { fork } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import pg from 'pg'
import { startPostgres } from '../../scripts/postgres.mjs'
import { ENCRYPTION_KEY, KEY } from './measure-requests.mjs'

const RECEIVER = fileURLToPath(new URL('webhook-receiver.mjs', import.meta.url))
/** Nobody listens there. */
const DEAD = 'http://127.0.0.1:59999/'
/** About the size of a user. */
const PAYLOAD = JSON.stringify({ id: 'user_bench', object: 'user', filler: 'x'.repeat(1500) })
/** Of which the middle one is taken. */
const CHANGES = 101

/** Delivery of events that were committed before, of as many users, to a receiver in another process. */
export async function measureWebhooks({ quick, folder, log }) {
  log('Webhooks …')
  const events = quick ? 2000 : 10_000
  const backlog = quick ? 100_000 : 1_000_000
  const rows = []
  const measure = async (database, locationOf) => {
    const cases = [
      { what: 'alone', backlog: 0 },
      { what: 'beside a dead endpoint', backlog },
      { what: 'beside a silent endpoint', backlog: 0, other: '/silent' },
    ]
    const opened = []
    for (const [index, { what, ...options }] of cases.entries())
      opened.push({ what, ...(await deliver({ location: await locationOf(index), events, ...options })) })
    const firsts = await firstDeliveries(opened)
    for (const [index, { what, cpu, seconds, close }] of opened.entries()) {
      const figures = [cpu / events, events / (cpu / 1e6), events / seconds].map((figure) => Math.round(figure))
      const ratio = index === 0 ? '' : ` (${(firsts[index] / firsts[0]).toFixed(2)})`
      rows.push(`| ${database} | ${what} | ${figures.join(' | ')} | ${firsts[index].toFixed(1)}${ratio} |`)
      await close()
    }
  }
  await measure('SQLite', (name) => join(folder, `webhooks-${name}.db`))
  const postgres = await startPostgres()
  try {
    await measure('PostgreSQL', (name) => newDatabase(postgres.url, `webhooks_${name}`))
  } finally {
    await postgres.stop()
  }
  return `## Webhooks

${events} events committed beforehand, a receiver in another process. CPU is that of the server's process, with SQLite in it and without
PostgreSQL; a second of it is what one core does. A dead endpoint refuses connections, has ${backlog} deliveries that are due, and is
queued the same events; a silent one takes them and never answers. Then come ${CHANGES} changes at each in turn, so that all meet the same
machine: the median from the request to the receiver, and its ratio to that alone. Wanted is 2 at most beside a dead endpoint.

| database | delivered | CPU µs an event | events a CPU second | events a second | first delivery, ms |
|---|---|--:|--:|--:|--:|
${rows.join('\n')}`
}

async function newDatabase(server, name) {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

async function deliver({ location, events, backlog, other }) {
  const { createServer } = await import('@latchkey/server')
  const receiver = fork(RECEIVER)
  const { port } = await new Promise((resolve) => receiver.once('message', resolve))
  const options = { database: location, encryptionKey: ENCRYPTION_KEY }
  const before = await createServer({ ...options, webhooks: { deliver: false } })
  const { id: instanceId } = await before.createInstance({ secretKey: KEY })
  const webhooks = await before.admin.webhooks(instanceId)
  await webhooks.add({ url: `http://127.0.0.1:${port}/` })
  if (other) await webhooks.add({ url: `http://127.0.0.1:${port}${other}` })
  if (backlog > 0)
    await fillBacklog(before.database, instanceId, (await webhooks.add({ url: DEAD })).endpoint.id, backlog)
  await fillEvents(before.database, instanceId, events)
  // As autovacuum does sooner or later.
  if (before.database.dialect === 'postgres')
    await before.database.patient.transaction((queries) => sql`analyze`.execute(queries))
  await before.close()

  const server = await createServer(options)
  const cpu = process.cpuUsage()
  const started = performance.now()
  await new Promise((resolve) => {
    receiver.on('message', ({ count }) => count === events && resolve())
  })
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const close = async () => {
    await server.close()
    receiver.kill()
  }
  return { cpu: user + system, seconds, server, receiver, close }
}

/** Milliseconds from a request that changes something to the receiver, of one server after the other. */
async function firstDeliveries(opened) {
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }
  const times = opened.map(() => [])
  for (let made = 0; made < CHANGES; made++) {
    for (const [index, { server, receiver }] of opened.entries()) {
      const started = performance.now()
      const received = new Promise((resolve) => receiver.once('message', resolve))
      const body = JSON.stringify({ username: `someone_${made}` })
      await server.fetch(new Request('http://bench.test/v1/users', { method: 'POST', headers, body }))
      await received
      times[index].push(performance.now() - started)
    }
  }
  return times.map((own) => own.sort((a, b) => a - b)[CHANGES >> 1])
}

/** Rows that the database makes by itself: a million one by one would take longer than what is measured. */
async function fillEvents(database, instanceId, count) {
  await fill(database, count, 'events', {
    ...eventOf(instanceId, ''),
    created_at: sql`${sql.lit(Date.now())}`,
    payload: sql`${sql.lit(PAYLOAD)}`,
    position: sql`null`,
  })
}

function eventOf(instanceId, name) {
  return {
    id: sql`${sql.lit(`evt_${name}`)} || i`,
    instance_id: sql`${sql.lit(instanceId)}`,
    type: sql`'user.created'`,
    subject_id: sql`${sql.lit(`user_${name}`)} || i`,
    line_key: sql`${sql.lit(`user_${name}`)} || i`,
  }
}

/** Deliveries of events below the positions that cursors read. */
async function fillBacklog(database, instanceId, endpointId, count) {
  const event = { ...eventOf(instanceId, 'backlog_'), created_at: sql`1`, payload: sql`'{}'`, position: sql`-1 - i` }
  await fill(database, count, 'events', event)
  await fill(database, count, 'webhook_deliveries', {
    id: sql`'dlv_' || i`,
    instance_id: event.instance_id,
    created_at: sql`1`,
    endpoint_id: sql`${sql.lit(endpointId)}`,
    event_id: event.id,
    line_key: event.line_key,
    position: sql`0`,
    status: sql`'pending'`,
    attempts: sql`0`,
    due_at: sql`1`,
    claims: sql`0`,
    released: sql`0`,
    manual: sql`0`,
  })
}

async function fill(database, count, table, columns) {
  const names = sql.join(Object.keys(columns).map((name) => sql.ref(name)))
  const statement = sql`with recursive n(i) as (select 0 union all select i + 1 from n where i < ${sql.lit(count - 1)})
    insert into ${sql.table(table)} (${names}) select ${sql.join(Object.values(columns))} from n`
  await database.patient.transaction((queries) => statement.execute(queries))
}
