import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { ENCRYPTION_KEY, servicesOf } from '../users/user-parts.test-support.js'

describe.each(dialects)('testing tokens on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })

  it('tell in seconds when they were made and when they end', async () => {
    const seconds = Math.floor(server.clock.now() / 1000)
    expect((await server.call('POST', '/testing_tokens')).body).toEqual({
      object: 'testing_token',
      token: expect.stringMatching(new RegExp(`^${seconds}-c_[\\w-]{27,}$`)),
      expires_at: seconds + 3600,
    })
  })

  it('are valid for an hour, in their instance, as they are', async () => {
    const { token } = await server.client.testingTokens.createTestingToken()
    const { testingTokens } = await servicesOf(server)
    const other = await servicesOf({ ...server, instance: await server.server.createInstance() })

    expect(testingTokens.isValid(token)).toBe(true)
    expect(other.testingTokens.isValid(token)).toBe(false)
    const later = token.replace(/^\d+/, (seconds) => String(Number(seconds) + 1))
    for (const text of ['', 'x', later, `${token}x`, token.slice(0, -1), `0${token}`, '1-c_']) {
      expect(testingTokens.isValid(text)).toBe(false)
    }
    server.clock.advance(59 * 60 * 1000)
    expect(testingTokens.isValid(token)).toBe(true)
    server.clock.advance(60 * 1000)
    expect(testingTokens.isValid(token)).toBe(false)
  })
})
