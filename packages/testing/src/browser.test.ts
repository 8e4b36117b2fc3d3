import { createClerkClient as createOfficialClient } from '@clerk/backend'
import { afterEach, describe, expect, it } from 'vitest'
import { createTestServer, type BrowserCookie, type TestServer, type TestServerOptions } from './index.js'

const APP = 'http://localhost:3000'
const servers: TestServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function start(options?: TestServerOptions) {
  const server = await createTestServer(options)
  servers.push(server)
  const ada = await server.client.users.createUser({ emailAddress: ['ada@example.com'] })
  return { server, ada }
}

/** What the official SDK makes of a visit to the application. */
async function visit(server: TestServer, cookies: BrowserCookie[]) {
  const { secretKey, publishableKey } = server
  const official = createOfficialClient({ secretKey, publishableKey, jwtKey: await server.jwtKey() })
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const request = new Request(APP, { headers: { cookie, accept: 'text/html', 'sec-fetch-dest': 'document' } })
  return official.authenticateRequest(request, { authorizedParties: [APP] })
}

describe('a browser of a test', () => {
  it('is signed in by cookies, as the application sees it', async () => {
    const { server, ada } = await start()
    const state = await visit(server, await server.cookies(ada, `${APP}/account?tab=1`))
    expect(state.isAuthenticated && state.toAuth()).toMatchObject({ userId: ada.id })
  })

  it('is another one each time, with a session of its own', async () => {
    const { server, ada } = await start()
    const [first, second] = [await server.cookies(ada.id, APP), await server.cookies(ada.id, APP)]
    expect(first[0]!.value).not.toBe(second[0]!.value)
    const { data } = await server.client.sessions.getSessionList({ userId: ada.id })
    expect(data.map(({ status }) => status)).toEqual(['active', 'active'])
  })

  it('is signed in as long as a session token lasts, by the clock of the test', async () => {
    const { server, ada } = await start({ now: Date.now() - 70_000 })
    const state = await visit(server, await server.cookies(ada, APP))
    expect(state.status).toBe('handshake')
    expect(state.reason).toBe('session-token-expired-refresh-non-eligible-no-refresh-cookie')
  })

  it('gets its cookies in a page of Playwright, for the address of the page', async () => {
    const { server, ada } = await start()
    const added: BrowserCookie[] = []
    const page = {
      url: () => `${APP}/somewhere`,
      context: () => ({ addCookies: async (all: BrowserCookie[]) => added.push(...all) }),
    }
    await server.signIn(page, ada)
    expect(new Set(added.map(({ url }) => url))).toEqual(new Set([APP]))
    expect((await visit(server, added)).isAuthenticated).toBe(true)
  })

  it('says why a user cannot sign in', async () => {
    const { server, ada } = await start()
    await server.client.users.banUser(ada.id)
    await expect(server.cookies(ada, APP)).rejects.toThrow(`User ${ada.id} cannot sign in: `)
    const production = await server.createInstance({ environmentType: 'production', frontendHost: 'clerk.example.com' })
    await expect(production.cookies('user_1', APP)).rejects.toThrow('Only a development instance')
  })

  it('can have a clock that goes on', async () => {
    const { server } = await start({ clock: 'running', now: 1000 })
    const before = server.clock.now()
    await new Promise((resolve) => setTimeout(resolve, 20))
    const after = server.clock.now()
    server.clock.advance(60_000)
    expect([before < after, server.clock.now() >= after + 60_000, before < 1000 + 30_000]).toEqual([true, true, true])
  })
})
