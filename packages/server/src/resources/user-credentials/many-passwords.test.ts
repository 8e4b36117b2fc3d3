import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('passwords of many on %s', (dialect) => {
  // Longer than any test takes: a slow machine has time, too.
  const patience = 60_000
  const passwords = { memoryKib: 64, passes: 1, patience }
  const server = useTestServer(dialect, { passwords, databaseTimeout: patience })

  it('are all taken when 400 users are created at once', async () => {
    const password = 'analytical engine'
    const users = await Promise.all(
      Array.from({ length: 400 }, (_, n) => server.client.users.createUser({ username: `user_${n}`, password })),
    )
    expect(new Set(users.map(({ id }) => id)).size).toBe(400)
    expect(await server.client.users.getCount()).toBe(400)
  })
})
