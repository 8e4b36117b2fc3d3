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

/** An answer of the Frontend API to a page of the application. */
async function frontend(
  server: TestServer,
  method: 'GET' | 'POST',
  path: string,
  query: Record<string, string> = {},
  form: Record<string, string> = {},
  // oxlint-disable-next-line typescript/no-explicit-any
): Promise<any> {
  const answer = await server.fetch(`${server.instance.frontendApiUrl}/v1${path}?${new URLSearchParams(query)}`, {
    method,
    headers: { origin: APP },
    ...(method === 'POST' ? { body: new URLSearchParams(form) } : {}),
  })
  return answer.json()
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

  it('is signed in or not as the clock is turned: session tokens last a minute, sessions a week', async () => {
    const { server, ada } = await start({ now: Date.now() - 70_000 })
    const early = await server.cookies(ada, APP)
    server.clock.advance(70_000)
    const late = await server.cookies(ada, APP)
    const seen = await Promise.all([early, late].map(async (cookies) => (await visit(server, cookies)).status))
    expect(seen).toEqual(['handshake', 'signed-in'])

    const statuses = async () =>
      (await server.client.sessions.getSessionList({ userId: ada.id })).data.map(({ status }) => status)
    const browser = late.find(({ name }) => name === '__clerk_db_jwt')!.value
    const current = async () =>
      (await frontend(server, 'GET', '/client', { __clerk_db_jwt: browser })).response.sessions
    expect([await statuses(), await current()]).toMatchObject([['active', 'active'], [{ user: { id: ada.id } }]])
    server.clock.advance(7 * 24 * 60 * 60_000)
    expect([await statuses(), await current()]).toEqual([['expired', 'expired'], []])
  })

  it('signs in with the code in `messages()`, until the clock is turned past it', async () => {
    const { server, ada } = await start()
    const { id: browser } = await frontend(server, 'POST', '/dev_browser')
    const query = { __clerk_db_jwt: browser }
    const strategy = 'email_code'
    const begin = () => frontend(server, 'POST', '/client/sign_ins', query, { strategy, identifier: 'ada@example.com' })
    const lastCode = async () => (await server.messages()).at(-1)!.data!['otp_code'] as string
    const attempt = async (id: string, code: string) =>
      frontend(server, 'POST', `/client/sign_ins/${id}/attempt_first_factor`, query, { strategy, code })

    const late = (await begin()).response.id
    const lateCode = await lastCode()
    server.clock.advance(10 * 60_000)
    expect((await attempt(late, lateCode)).errors).toMatchObject([{ code: 'verification_expired' }])

    const timely = (await begin()).response.id
    server.clock.advance(10 * 60_000 - 1)
    const { response } = await attempt(timely, await lastCode())
    expect(response).toMatchObject({ status: 'complete', created_session_id: expect.stringMatching(/^sess_/) })
    const { userId } = await server.client.sessions.getSession(response.created_session_id)
    expect([userId, (await server.messages()).map(({ to, slug }) => `${slug} ${to}`)]).toEqual([
      ada.id,
      ['verification_code ada@example.com', 'verification_code ada@example.com'],
    ])
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
