import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { createClerkClient } from '@latchkey/backend'
import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { createServer } from '../index.js'
import { API_URL, dialects } from '../server.test-support.js'
import { openDatabase } from './open-database.js'
import { loadSqlite, type SqliteConnection } from './sqlite-module.js'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** Longer than any test takes. */
const NEVER = 60_000

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-sqlite-'))
  cleanups.push(() => rmSync(folder, { recursive: true }))
  return folder
}

async function serve({ databaseTimeout = NEVER } = {}) {
  const file = join(newFolder(), 'test.db')
  const server = await createServer({ database: file, databaseTimeout, removeExpired: false })
  cleanups.push(() => server.close())
  const { secretKey } = await server.createInstance()
  const call = (method: string, path: string, body?: unknown) =>
    server.fetch(
      new Request(`${API_URL}${path}`, {
        method,
        headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )
  const fetch = (input: RequestInfo | URL, init?: RequestInit) => server.fetch(new Request(input, init))
  return { file, server, call, client: createClerkClient({ secretKey, apiUrl: API_URL, fetch }) }
}

/** Another process's connection, as far as SQLite knows. */
function another(file: string): SqliteConnection {
  const connection = new (loadSqlite().DatabaseSync)(file)
  cleanups.push(() => connection.close())
  return connection
}

describe.runIf(dialects.includes('sqlite'))('a server on a file', () => {
  const numbers = (limit: number) => sql`
    with recursive numbers(number) as (select 1 union all select number + 1 from numbers where number < ${limit})
    select count(*) as count from numbers`

  it('counts in a thread of its own: nobody waits for it', async () => {
    const { server, client, call } = await serve()
    const { read } = server.database
    const { id } = await client.users.createUser({ username: 'lovelace' })
    const order: string[] = []
    const counted = server.database.aside(numbers(1_000_000).compile(read)).then(([row]) => {
      order.push('counted')
      return row
    })
    expect((await call('GET', `/v1/users/${id}`)).status).toBe(200)
    order.push('answered')
    expect(await counted).toEqual({ count: 1_000_000 })
    expect(order).toEqual(['answered', 'counted'])
  })

  it('counts what was written right before', async () => {
    const { client } = await serve()
    for (let number = 1; number <= 20; number++) {
      await client.users.createUser({ username: `lovelace${number}` })
      expect(await client.users.getCount({ query: 'love' })).toBe(number)
    }
    expect(await Promise.all(Array.from({ length: 64 }, () => client.users.getCount({ banned: true })))).toEqual(
      Array(64).fill(0),
    )
  })

  it('gives up a count that takes too long, and those that wait behind it, and counts again', async () => {
    const { server } = await serve({ databaseTimeout: 1000 })
    const { aside, read } = server.database
    const outcomes = [numbers(1e12), numbers(1)].map((query) => aside(query.compile(read)).catch((error) => error.name))
    expect(await Promise.all(outcomes)).toEqual(['DatabaseUnavailable', 'DatabaseUnavailable'])
    expect(await aside(numbers(2).compile(read))).toEqual([{ count: 2 }])
    await expect(aside(sql`select missing`.compile(read))).rejects.toThrow('no such column: missing')
  })

  it('answers reads while another process has the write lock, and writes after it', async () => {
    const { file, call, client } = await serve()
    const user = await client.users.createUser({ username: 'lovelace' })
    const other = another(file)
    other.exec('begin immediate')
    let written = false
    const writing = call('PATCH', `/v1/users/${user.id}`, { first_name: 'Ada' }).finally(() => (written = true))
    for (let turn = 0; turn < 20; turn++) {
      expect((await call('GET', `/v1/users/${user.id}`)).status).toBe(200)
      await setImmediate()
    }
    expect(written).toBe(false)
    other.exec('commit')
    expect((await writing).status).toBe(200)
  })

  it('answers 503 when the lock stays', async () => {
    const { file, call, client } = await serve({ databaseTimeout: 50 })
    const user = await client.users.createUser({ username: 'lovelace' })
    const other = another(file)
    other.exec('begin immediate')
    const refused = await call('PATCH', `/v1/users/${user.id}`, { first_name: 'Ada' })
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('1')
    other.exec('commit')
    expect((await client.users.updateUser(user.id, { firstName: 'Grace' })).firstName).toBe('Grace')
  })

  it('is not ready on a full disk, and is again when there is room', async () => {
    const { server, call, client } = await serve()
    const user = await client.users.createUser({ username: 'lovelace' })
    const ready = async () => (await server.fetch(new Request(`${API_URL}/readyz`))).status
    expect(await ready()).toBe(200)
    const limit = (pages: number) =>
      server.database.transaction((tx) => sql`pragma max_page_count = ${sql.lit(pages)}`.execute(tx))
    // Room that is free inside the file is taken first.
    await server.database.transaction(async (tx) => {
      const { rows } = await sql<{ freelist_count: number }>`pragma freelist_count`.execute(tx)
      const size = rows[0]!.freelist_count * 4096
      const values = { name: `filler ${'-'.repeat(size)}`, applied_at: 1, additive: 1 }
      await tx.insertInto('schema_migrations').values(values).execute()
    })
    await limit(1)
    expect(await ready()).toBe(503)
    expect((await call('GET', `/v1/users/${user.id}`)).status).toBe(200)
    const write = () => call('PATCH', `/v1/users/${user.id}`, { private_metadata: { text: '-'.repeat(7000) } })
    expect((await write()).status).toBe(503)
    await limit(2 ** 30)
    expect(await ready()).toBe(200)
    expect((await write()).status).toBe(200)
  })

  it('lets others have a turn during a long transaction', async () => {
    const { server } = await serve()
    let turns = 0
    let running = true
    const others = async () => {
      for (; running; turns++) await setImmediate()
    }
    const counting = others()
    await server.database.transaction(async (tx) => {
      turns = 0
      for (let statement = 0; statement < 1000; statement++) await sql`select 1`.execute(tx)
      expect(turns).toBeGreaterThanOrEqual(9)
    })
    running = false
    await counting
  })

  it('leaves everything in one file when it is closed, which only its owner can read', async () => {
    const { file, server, client } = await serve()
    await client.users.createUser({ username: 'lovelace' })
    await client.users.getUserList()
    await client.users.getCount({ query: 'love' })
    const modes = (files: string[]) => files.map((name) => [name, statSync(join(file, '..', name)).mode & 0o777])
    expect(modes(readdirSync(join(file, '..')).sort())).toEqual([
      ['test.db', 0o600],
      ['test.db-shm', 0o600],
      ['test.db-wal', 0o600],
    ])
    await server.admin.backup(`${file}.copy`)
    await server.close()
    expect(modes(['test.db', 'test.db.copy'])).toEqual([
      ['test.db', 0o600],
      ['test.db.copy', 0o600],
    ])
    // Where Node has no SQLite of its own, the files go with the process.
    expect(existsSync(`${file}-wal`) ? statSync(`${file}-wal`).size : 0).toBe(0)
  })

  it('does not open a file whose log is damaged', async () => {
    const { file, client } = await serve()
    const copies = newFolder()
    await client.users.createUser({ username: 'lovelace' })
    const crashed = (name: string) => {
      const copy = join(copies, name)
      copyFileSync(file, copy)
      copyFileSync(`${file}-wal`, `${copy}-wal`)
      return copy
    }
    const users = async (location: string) => {
      const database = await openDatabase({ location })
      try {
        return (await database.read.selectFrom('users').select('username').execute()).map(({ username }) => username)
      } finally {
        await database.close()
      }
    }
    expect(await users(crashed('whole'))).toEqual(['lovelace'])

    for (const byte of [0, 5, 9, 13, 20, 25, 31]) {
      const damaged = crashed(`damaged ${byte}`)
      const log = readFileSync(`${damaged}-wal`)
      log[byte]! ^= 0xff
      writeFileSync(`${damaged}-wal`, log)
      await expect(users(damaged)).rejects.toMatchObject({
        name: 'DamagedLogError',
        message: expect.stringContaining(`${damaged}-wal`),
      })
      // Nothing was changed: the log can still be mended.
      expect(readFileSync(`${damaged}-wal`).equals(log)).toBe(true)
    }

    const empty = crashed('empty')
    writeFileSync(`${empty}-wal`, '')
    await expect(users(empty)).rejects.toThrow('no such table')
    expect(existsSync(empty)).toBe(true)
  })
})
