import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { createClerkClient } from '@latchkey/backend'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createServer, type Server } from '../index.js'
import { oneTimeTokens } from '../resources/one-time-tokens/one-time-tokens.table.js'
import { removeExpiredTokens } from '../resources/one-time-tokens/one-time-tokens.store.js'
import { API_URL, dialects } from '../server.test-support.js'

type Client = ReturnType<typeof createClerkClient>

interface Long {
  what: string
  /** Makes the rows that the work is about. @returns the work */
  prepare(client: Client, server: Server, instanceId: string): Promise<() => Promise<unknown>>
}

const many = <T>(count: number, make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)))

let made = 0
const newUser = (client: Client) => client.users.createUser({ username: `ada_${++made}` })

const withSessions = async (client: Client): Promise<string> => {
  const { id: userId } = await newUser(client)
  await many(150, () => client.sessions.createSession({ userId }))
  return userId
}

/** Changes of many rows. SQLite answers each statement at once, so that nothing in between waits for anything by itself. */
const long: Long[] = [
  {
    what: 'the ban of a user with 150 sessions',
    prepare: async (client) => {
      const id = await withSessions(client)
      return () => client.users.banUser(id)
    },
  },
  {
    what: 'the deletion of a user with 150 sessions',
    prepare: async (client) => {
      const id = await withSessions(client)
      return () => client.users.deleteUser(id)
    },
  },
  {
    what: 'a new password that ends 150 sessions',
    prepare: async (client) => {
      const id = await withSessions(client)
      return () =>
        client.users.updateUser(id, { password: 'correct horse battery staple', signOutOfOtherSessions: true })
    },
  },
  {
    what: '200 changes of metadata at once',
    prepare: async (client) => {
      const { id } = await newUser(client)
      return () => many(200, (n) => client.users.updateUserMetadata(id, { publicMetadata: { [`key_${n}`]: n } }))
    },
  },
  {
    what: 'the deletion of an organization with 200 members',
    prepare: async (client) => {
      const { id: organizationId } = await client.organizations.createOrganization({ name: 'Analytical Engines' })
      await client.organizations.updateOrganization(organizationId, { maxAllowedMemberships: 0 })
      await many(200, async () => {
        const { id: userId } = await newUser(client)
        await client.organizations.createOrganizationMembership({ organizationId, userId, role: 'org:member' })
      })
      return () => client.organizations.deleteOrganization(organizationId)
    },
  },
  {
    what: 'the removal of 4000 expired tokens',
    prepare: async (_, { database }, instanceId) => {
      const tokens = Array.from({ length: 4000 }, (__, n) =>
        oneTimeTokens.toRow({
          id: `ott_${n}`,
          instanceId,
          kind: 'handshake',
          hash: `${n}`,
          payload: '',
          expiresAt: 1,
          createdAt: 1,
        }),
      )
      await database.transaction(async (tx) => {
        for (let at = 0; at < tokens.length; at += 1000)
          await tx
            .insertInto('one_time_tokens')
            .values(tokens.slice(at, at + 1000))
            .execute()
      })
      return () => removeExpiredTokens(database, Date.now())
    },
  },
]

describe.runIf(dialects.includes('sqlite'))('a server on a file answers others during', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-turns-'))
  let server: Server
  let client: Client
  let instanceId: string
  beforeAll(async () => {
    server = await createServer({
      database: join(folder, 'test.db'),
      removeExpired: false,
      passwords: { memoryKib: 64, passes: 1 },
    })
    const { id, secretKey } = await server.createInstance()
    instanceId = id
    await server.admin.seed(id, { instance: { organization_settings: { enabled: true } } })
    client = createClerkClient({
      secretKey,
      apiUrl: API_URL,
      fetch: (input, init) => server.fetch(new Request(input, init)),
    })
  })
  afterAll(async () => {
    await server.close()
    rmSync(folder, { recursive: true })
  })

  it.each(long)('$what', async ({ prepare }) => {
    const work = await prepare(client, server, instanceId)
    const { id } = await newUser(client)
    let running = true
    let answered = 0
    const others = async () => {
      while (running) {
        // What waits for the network, a timer or the disk gets its turn here.
        await setImmediate()
        await client.users.getUser(id)
        if (running) answered += 1
      }
    }
    const asking = others()
    await work()
    running = false
    await asking
    expect(answered).toBeGreaterThanOrEqual(3)
  })
})
