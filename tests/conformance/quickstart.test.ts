import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { combinations, useServerWithSdk } from './official-sdk.test-support.js'

const program = fileURLToPath(new URL('quickstart.mjs', import.meta.url))
const packages = { '@clerk/backend 3': '@clerk/backend', '@clerk/backend 2': 'clerk-backend-2' }

describe.each(combinations)('the quickstart with $sdk on $dialect', (combination) => {
  const official = useServerWithSdk(combination, [])

  // In a process of its own, as version 2 keeps the first PEM key that it is given for as long as the process lives.
  it('creates a user, opens a session, gets a token and verifies it by PEM key and by key set', async () => {
    const { id, secretKey, frontendHost } = official.test.instance
    const jwtKey = await official.test.server.admin.jwtKey(id)
    const { stdout } = await promisify(execFile)(process.execPath, [
      program,
      packages[combination.sdk],
      official.apiUrl,
      secretKey,
      jwtKey,
    ])

    const { userId, sessionId, byKey, byKeySet } = JSON.parse(stdout) as {
      userId: string
      sessionId: string
      byKey: Claims
      byKeySet: Claims
    }
    expect(byKey).toMatchObject({ sub: userId, sid: sessionId, v: 2, sts: 'active', iss: `https://${frontendHost}` })
    expect(byKey.exp - byKey.iat).toBe(60)
    expect(byKeySet).toEqual(byKey)
  })
})

interface Claims {
  iat: number
  exp: number
}
