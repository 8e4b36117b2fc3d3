import { setTimeout } from 'node:timers/promises'
import { createClerkClient } from '@latchkey/backend'
import { sql } from 'kysely'
import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { createServer, type CreatedInstance, type Server } from '../index.js'
import { API_URL, dialects, newDatabase, newMigratedDatabase } from '../server.test-support.js'
import { migrations } from './migrations/index.js'
import { migrate } from './migrate.js'
import { openDatabase } from './open-database.js'
import { openProxy } from '../../../../tests/attacks/proxy.mjs'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** Longer than any test takes: what is waited for comes, or the test fails. */
const NEVER = 60_000
/** Passes in each test. */
const SHORT = 200

async function serve(databaseTimeout: number) {
  const { location, drop } = await newMigratedDatabase('postgres')
  cleanups.push(drop)
  const proxy = await openProxy(location)
  cleanups.push(() => proxy.close())
  const server = await eventually(() =>
    createServer({ database: proxy.location, databaseTimeout, migrate: false, removeExpired: false }),
  )
  cleanups.push(() => server.close())
  const instance = await eventually(() => server.createInstance())
  return { location, proxy, server, instance, ...clientOf(server, instance) }
}

function clientOf(server: Server, { secretKey }: CreatedInstance) {
  const call = (method: string, path: string, body?: unknown) =>
    server.fetch(
      new Request(`${API_URL}${path}`, {
        method,
        headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )
  const client = createClerkClient({
    secretKey,
    apiUrl: API_URL,
    fetch: (input, init) => server.fetch(new Request(input, init)),
  })
  return { call, client }
}

/** Somebody else on the same database. */
async function another(location: string): Promise<pg.Client> {
  const client = new pg.Client(location)
  client.on('error', () => {})
  await client.connect()
  cleanups.push(() => client.end())
  return client
}

async function expectUnavailable(response: Response): Promise<void> {
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('1')
  expect(await response.json()).toMatchObject({ errors: [{ code: 'service_unavailable' }] })
}

let made = 0
/** Never the same twice: whoever tries again may have succeeded the first time. */
const ada = () => ({ firstName: 'Ada', username: `ada_${++made}` })

/** Tries until it succeeds: where deadlines are short, a slow machine passes them too. */
async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt()
    } catch {
      await setTimeout(10)
    }
  }
}

const ready = async (server: Server) => (await server.fetch(new Request(`${API_URL}/readyz`))).status

describe.runIf(dialects.includes('postgres'))('a server whose PostgreSQL', { timeout: 2 * NEVER }, () => {
  it('falls silent answers 503, and goes on once it answers again', async () => {
    const { proxy, server, client, call } = await serve(SHORT)
    const user = await eventually(() => client.users.createUser(ada()))
    proxy.silence()
    await Promise.all([
      call('GET', `/v1/users/${user.id}`).then(expectUnavailable),
      call('PATCH', `/v1/users/${user.id}`, { first_name: 'Eve' }).then(expectUnavailable),
    ])
    expect(await ready(server)).toBe(503)
    proxy.resume()
    const grace = () => client.users.updateUser(user.id, { firstName: 'Grace' })
    expect((await eventually(grace)).firstName).toBe('Grace')
    expect((await eventually(() => client.users.getUser(user.id))).firstName).toBe('Grace')
    await eventually(async () => expect(await ready(server)).toBe(200))
  })

  it('has fallen silent can be closed', async () => {
    const { proxy, server, client } = await serve(SHORT)
    await eventually(() => client.users.createUser(ada()))
    proxy.silence()
    await expect(server.close()).resolves.toBeUndefined()
  })

  it('has fallen silent can be closed while requests wait for it', async () => {
    const { proxy, server, client, call } = await serve(SHORT)
    await eventually(() => client.users.createUser(ada()))
    proxy.silence()
    const waiting = Array.from({ length: 20 }, () => call('POST', '/v1/users', { username: 'evelyn' }))
    await server.close()
    for (const response of await Promise.all(waiting)) await expectUnavailable(response)
  })

  it('is down answers 503, and goes on once it is up', async () => {
    const { proxy, server, client, call } = await serve(NEVER)
    const user = await client.users.createUser(ada())
    await proxy.goDown()
    await expectUnavailable(await call('GET', `/v1/users/${user.id}`))
    await expectUnavailable(await call('POST', '/v1/users', { username: 'evelyn' }))
    expect(await ready(server)).toBe(503)
    await proxy.comeBack()
    expect((await client.users.getUser(user.id)).firstName).toBe('Ada')
    expect((await client.users.updateUser(user.id, { firstName: 'Grace' })).firstName).toBe('Grace')
    expect(await ready(server)).toBe(200)
  })

  it('ends its connections is not noticed', async () => {
    const { location, client } = await serve(NEVER)
    const user = await client.users.createUser(ada())
    const other = await another(location)
    for (let round = 0; round < 3; round++) {
      await other.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
      )
      const name = { firstName: `Ada ${round}` }
      const found = await Promise.all([client.users.getUser(user.id), client.users.updateUser(user.id, name)])
      expect(found).toMatchObject([{ id: user.id }, name])
    }
  })

  it('has a row locked by others answers reads, and each write after the lock', async () => {
    const { location, server, client, call } = await serve(NEVER)
    const user = await client.users.createUser(ada())
    const other = await another(location)
    await other.query('begin')
    await other.query('select id from users where id = $1 for update', [user.id])
    let written = 0
    const writes = Array.from({ length: 200 }, async (_, n) => {
      const response = await call('PATCH', `/v1/users/${user.id}`, { first_name: `Ada ${n}` })
      written += 1
      return response.status
    })
    const reads = await Promise.all(Array.from({ length: 50 }, () => call('GET', `/v1/users/${user.id}`)))
    expect(reads.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200))
    expect(written).toBe(0)
    await other.query('commit')
    expect(await Promise.all(writes)).toEqual(Array.from({ length: 200 }, () => 200))
    expect(await ready(server)).toBe(200)
  })

  it('has a row locked for too long answers 503, and leaves nothing behind', async () => {
    const { location, client, call } = await serve(SHORT)
    const user = await eventually(() => client.users.createUser(ada()))
    const other = await another(location)
    await other.query('begin')
    await other.query('select id from users where id = $1 for update', [user.id])
    await expectUnavailable(await call('PATCH', `/v1/users/${user.id}`, { first_name: 'Eve' }))
    await nobodyWaits(other)
    await other.query('commit')
    const grace = () => client.users.updateUser(user.id, { firstName: 'Grace' })
    expect((await eventually(grace)).firstName).toBe('Grace')
  })

  it('has a table locked answers 503, and leaves no read behind', async () => {
    const { location, client, call } = await serve(SHORT)
    const user = await eventually(() => client.users.createUser(ada()))
    const other = await another(location)
    await other.query('begin')
    await other.query('lock table users in access exclusive mode')
    await expectUnavailable(await call('GET', `/v1/users/${user.id}`))
    await nobodyWaits(other)
    await other.query('commit')
    expect((await eventually(() => client.users.getUser(user.id))).firstName).toBe('Ada')
  })

  it('gets a column under way goes on: an additive migration and its program come and go', async () => {
    const { location, server, instance, client } = await serve(NEVER)
    const user = await client.users.createUser(ada())
    const other = await another(location)
    let stopped = false
    let turns = 0
    const load = Array.from({ length: 4 }, async (_, n) => {
      while (!stopped) {
        await client.users.getUser(user.id)
        await client.users.updateUser(user.id, { firstName: `Ada ${n}` })
        await client.users.getUserList()
        turns += 1
      }
    })
    const someTurns = async () => {
      for (const until = turns + 8; turns < until;) await client.users.getUser(user.id)
    }
    await someTurns()
    for (const table of ['users', 'instances', 'secrets', 'events'])
      await other.query(`alter table ${table} add column added text default 'new'`)
    await other.query(`insert into schema_migrations (name, applied_at, additive) values ('9999-added', 1, 1)`)
    await someTurns()
    expect(await ready(server)).toBe(200)
    // The rollback: a program that does not know the migration starts again on the database.
    const older = await createServer({ database: location, migrate: false, removeExpired: false })
    cleanups.push(() => older.close())
    const beside = clientOf(older, instance).client
    expect((await beside.users.updateUser(user.id, { lastName: 'Lovelace' })).lastName).toBe('Lovelace')
    await someTurns()
    for (const table of ['users', 'instances', 'secrets', 'events'])
      await other.query(`alter table ${table} drop column added`)
    await someTurns()
    stopped = true
    await Promise.all(load)
    expect((await beside.users.getUser(user.id)).lastName).toBe('Lovelace')
  })

  it('is migrated while others hold locks waits as long as it takes', async () => {
    const { location, drop } = await newDatabase('postgres')
    cleanups.push(drop)
    const database = await openDatabase({ location, timeout: SHORT })
    cleanups.push(() => database.close())
    await eventually(() => database.transaction((tx) => sql`select 1`.execute(tx)))
    const other = await another(location)
    await other.query('begin')
    await other.query('select pg_advisory_xact_lock(7236104)')
    const migrated = migrate(database, 1)
    while ((await waitingForLocks(other)) === 0) await setTimeout(10)
    // Beyond the deadline of requests.
    await other.query('select pg_sleep(1.5)')
    await other.query('commit')
    expect(await migrated).toEqual(migrations.map(({ name }) => name))
  })

  it('has no setting changed for who uses the connection next', async () => {
    const { server } = await serve(NEVER)
    await server.database.transaction(async (tx) => {
      const { rows } = await sql<{ statement_timeout: string }>`show statement_timeout`.execute(tx)
      expect(rows).toEqual([{ statement_timeout: '1min' }])
    })
    await server.database.patient.transaction(async (tx) => {
      const { rows } = await sql<{ statement_timeout: string }>`show statement_timeout`.execute(tx)
      expect(rows).toEqual([{ statement_timeout: '0' }])
    })
  })
})

async function waitingForLocks(client: pg.Client): Promise<number> {
  const { rows } = await client.query(
    'select count(*)::int as waiting from pg_locks where not granted and (database is null or database = (select oid from pg_database where datname = current_database()))',
  )
  return (rows as { waiting: number }[])[0]!.waiting
}

/** A statement that was cancelled is gone soon, if somebody cancelled it. */
async function nobodyWaits(client: pg.Client): Promise<void> {
  await eventually(async () => expect(await waitingForLocks(client)).toBe(0))
}
