import { createClerkClient } from '@latchkey/backend'
import { createTestServer } from '@latchkey/testing'
import { vi } from 'vitest'
import { createApp } from '../app.js'

/** The application with its own Latchkey server, in this process: no port, no network, no account. */
export async function createWorld() {
  const latchkey = await createTestServer()
  const { secretKey, publishableKey, url: apiUrl, fetch } = latchkey
  const app = createApp(
    createClerkClient({ secretKey, publishableKey, apiUrl, fetch, jwtKey: await latchkey.jwtKey() }),
  )
  // The application uses the server's time.
  vi.useFakeTimers({ toFake: ['Date'], now: latchkey.clock.now() })

  return {
    latchkey,

    /** Advances both clocks. */
    advance(milliseconds) {
      latchkey.clock.advance(milliseconds)
      vi.setSystemTime(latchkey.clock.now())
    },

    async signIn(params) {
      const user = await latchkey.client.users.createUser(params)
      return latchkey.client.sessions.createSession({ userId: user.id })
    },

    /** Calls the application with a new token of the session, or with the given one. */
    async call(session, method, path, body, token) {
      const jwt = token ?? (await latchkey.client.sessions.getToken(session.id)).jwt
      const init = {
        method,
        headers: { authorization: `Bearer ${jwt}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }
      const response = await app(new Request(`https://app.example.com${path}`, init))
      return { status: response.status, body: await response.json() }
    },

    async close() {
      vi.useRealTimers()
      await latchkey.close()
    },
  }
}
