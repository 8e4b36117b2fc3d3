import { createClerkClient } from '@latchkey/backend'
import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { createServer, type Server } from '../index.js'
import { API_URL, dialects, newDatabase, newMigratedDatabase } from '../server.test-support.js'
import { openProxy } from '../../../../tests/attacks/proxy.mjs'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** The version of the protocol, 3.0: requests for TLS and to cancel have other numbers in its place. */
const STARTUP = 196_608

interface Heard {
  /** Names of what a connection is begun with. */
  parameters: string[]
  /** Those that are not prepared have the empty name, as those that are prepared without one. */
  statements: { name: string; text: string }[]
}

/** What a client sent on one connection. */
function read(sent: Buffer): Heard {
  const heard: Heard = { parameters: [], statements: [] }
  const length = sent.readInt32BE(0)
  if (sent.readInt32BE(4) !== STARTUP) return heard
  const words = sent.toString('utf8', 8, length).split('\0')
  heard.parameters = words.filter((word, index) => index % 2 === 0 && word !== '')
  for (let at = length; at + 5 <= sent.length; at += 1 + sent.readInt32BE(at + 1)) {
    const type = String.fromCharCode(sent[at]!)
    const texts = sent.toString('utf8', at + 5, at + 1 + sent.readInt32BE(at + 1)).split('\0')
    if (type === 'Q') heard.statements.push({ name: '', text: texts[0]! })
    if (type === 'P') heard.statements.push({ name: texts[0]!, text: texts[1]! })
  }
  return heard
}

/** A server's database, behind a proxy that listens. @returns what was heard so far */
async function overhear(location: string): Promise<{ location: string; heard(): Heard[] }> {
  const sent: Buffer[] = []
  const proxy = await openProxy(location, {
    heard(connection, data) {
      sent[connection] = Buffer.concat([sent[connection] ?? Buffer.alloc(0), data])
    },
  })
  cleanups.push(() => proxy.close())
  return { location: proxy.location, heard: () => Object.values(sent).map(read) }
}

async function newPlace(make: typeof newDatabase): Promise<string> {
  const { location, drop } = await make('postgres')
  cleanups.push(drop)
  return location
}

async function serve(location: string, options: { migrate: boolean }) {
  const server = await createServer({ database: location, removeExpired: false, ...options })
  cleanups.push(() => server.close())
  const { id, secretKey } = await server.createInstance()
  return { server, instanceId: id, client: clientOf(server, secretKey) }
}

const clientOf = (server: Server, secretKey: string) =>
  createClerkClient({ secretKey, apiUrl: API_URL, fetch: (input, init) => server.fetch(new Request(input, init)) })

describe.runIf(dialects.includes('postgres'))('a server behind PgBouncer', () => {
  it('asks for nothing at the start of a connection, and nothing of a session, that PgBouncer refuses or hands to others', async () => {
    const { location, heard } = await overhear(await newPlace(newDatabase))
    const { server, instanceId, client } = await serve(location, { migrate: true })
    await server.admin.seed(instanceId, { users: [{ username: 'ada_l' }] })
    const user = await client.users.createUser({ username: 'grace_h' })
    await Promise.all(Array.from({ length: 20 }, (_, n) => client.users.updateUser(user.id, { firstName: `${n}` })))
    await Promise.all(Array.from({ length: 20 }, () => client.users.getUserList({ query: 'grace' })))
    expect((await server.fetch(new Request(`${API_URL}/readyz`))).status).toBe(200)
    await server.close()

    const parameters = new Set(heard().flatMap((one) => one.parameters))
    expect(parameters).toContain('user')
    for (const name of parameters) expect(['user', 'database', 'client_encoding', 'application_name']).toContain(name)
    const texts = heard().flatMap(({ statements }) => statements.map(({ text }) => text))
    const found = (pattern: RegExp) => texts.filter((text) => pattern.test(text))
    // What is looked through has locks, settings and searches.
    for (const pattern of [/pg_advisory_xact_lock/, /set local statement_timeout/, /like/])
      expect(found(pattern).length).toBeGreaterThan(0)
    expect(found(/(^|;)\s*set (?!local )/i)).toEqual([])
    expect(found(/(^|;)\s*(listen|unlisten|notify|prepare|execute|deallocate|discard|declare|load)\b/i)).toEqual([])
    expect(found(/pg_(try_)?advisory_(un)?lock|set_config|create (local |global )?temp|lastval/i)).toEqual([])
  })

  it('goes on where its statements are not known on the connection that the pool gave it', async () => {
    const { server, client } = await serve(await newPlace(newMigratedDatabase), { migrate: false })
    const user = await client.users.createUser({ username: 'ada_l' })
    const change = (firstName: string) =>
      Promise.all(
        Array.from({ length: 20 }, async () => [
          (await client.users.getUser(user.id)).username,
          (await client.users.updateUser(user.id, { firstName })).firstName,
        ]),
      )
    await change('Ada')
    const { database } = server
    const forget = () => [
      sql`deallocate all`.execute(database.read),
      database.transaction((tx) => sql`deallocate all`.execute(tx)),
    ]
    await Promise.all(Array.from({ length: 20 }, forget).flat())
    expect(await change('Grace')).toEqual(Array(20).fill(['ada_l', 'Grace']))
  })

  it('gives a name to one statement only, also where other nodes have prepared theirs', async () => {
    const { location, heard } = await overhear(await newPlace(newMigratedDatabase))
    const first = await serve(location, { migrate: false })
    const second = await serve(location, { migrate: false })
    // Not in the same order.
    await first.client.users.createUser({ username: 'ada_l' })
    await second.client.users.getCount({ banned: true })
    await second.client.users.createUser({ username: 'ada_l' })
    await first.client.users.getCount({ banned: true })
    const texts = new Map<string, Set<string>>()
    for (const { name, text } of heard().flatMap(({ statements }) => statements))
      if (name !== '') texts.set(name, (texts.get(name) ?? new Set()).add(text))
    expect(texts.size).toBeGreaterThan(10)
    expect([...texts.values()].filter((different) => different.size > 1)).toEqual([])
  })
})
