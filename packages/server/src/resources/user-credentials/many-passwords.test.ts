import type { AddressInfo } from 'node:net'
import { createClerkClient as createOfficialClient } from '@clerk/backend'
import { createAdaptorServer } from '@hono/node-server'
import { createClerkClient } from '@latchkey/backend'
import { describe, expect, it } from 'vitest'
import { API_URL, dialects, useTestServer } from '../../server.test-support.js'

// Longer than any test takes: a slow machine has time, too.
const patience = 60_000
const password = 'analytical engine'
const usernames = Array.from({ length: 400 }, (_, n) => `user_${n}`)

describe.each(dialects)('passwords of many on %s', (dialect) => {
  const passwords = { memoryKib: 64, passes: 1, patience }
  const server = useTestServer(dialect, { passwords, databaseTimeout: patience })

  it('are all taken when 400 users are created at once', async () => {
    const create = (username: string) => server.client.users.createUser({ username, password })
    const users = await Promise.all(usernames.map(create))
    expect(new Set(users.map(({ id }) => id)).size).toBe(400)
    expect(await server.client.users.getCount()).toBe(400)
  })

  it('are all taken from the official SDK, which never sends a POST again', async () => {
    const listener = createAdaptorServer({ fetch: (request: Request) => server.server.fetch(request) })
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    try {
      const apiUrl = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
      const client = createOfficialClient({ apiUrl, secretKey: server.instance.secretKey })
      const users = await Promise.all(usernames.map((username) => client.users.createUser({ username, password })))
      expect(new Set(users.map(({ id }) => id)).size).toBe(400)
    } finally {
      listener.close()
    }
  })
})

describe('passwords of more than may wait', () => {
  const server = useTestServer('sqlite', {
    passwords: { memoryKib: 64, passes: 1, concurrency: 1, queueLimit: 10, patience },
  })

  it('are refused before anything is done, and so sent again by our SDK', async () => {
    let refused = 0
    const client = createClerkClient({
      secretKey: server.instance.secretKey,
      apiUrl: API_URL,
      fetch: server.fetch,
      maxRetries: 5,
      onResponse: ({ error }) => {
        if (error) refused += error.status === 503 && error.unprocessed ? 1 : Number.NaN
      },
    })
    const users = await Promise.all(
      usernames.slice(0, 40).map((username) => client.users.createUser({ username, password })),
    )
    expect(new Set(users.map(({ id }) => id)).size).toBe(40)
    expect(refused).toBeGreaterThan(0)
    expect(await server.client.users.getCount()).toBe(40)
  })
})
