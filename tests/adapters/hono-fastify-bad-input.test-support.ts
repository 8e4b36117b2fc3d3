import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { createTestServer, type TestServer } from '@latchkey/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { production, tokens } from './hono-fastify.test-support.js'

export interface RunningApp {
  url: string
  close(): Promise<void>
}

/**
 * An application with the middleware and these routes: `/public`; `/me`, which answers the id of the user or 401; `/user`,
 * which asks the API for the user; `/throws`, which throws.
 */
export type StartApp = (options: Record<string, unknown>) => Promise<RunningApp>

const { publishableKey, secretKey, jwtKey, keySet } = production

/**
 * What an application over a socket does with what it should never be sent, the same for each framework.
 *
 * @param refused Names of the requests that the framework itself answers, with 400, before any handler.
 */
export function describeBadInput(start: StartApp, refused: readonly string[]): void {
  const running: { close(): Promise<void> }[] = []
  const started = async (options: Record<string, unknown>) => {
    const app = await start({ publishableKey, secretKey, ...options })
    running.push(app)
    return app
  }
  afterEach(async () => {
    for (const { close } of running.splice(0).toReversed()) await close()
  })

  async function startApi(answer: Parameters<typeof createServer>[1]): Promise<string> {
    const server = createServer(answer!)
    running.push({ close: () => closeServer(server) })
    return listen(server)
  }

  describe('when the API', () => {
    const down = { apiUrl: 'http://127.0.0.1:9', maxRetries: 0 }

    it('is down: who comes with a token that can be verified here is let in, what needs the API fails', async () => {
      const { url } = await started({ ...down, jwtKey })
      expect(await get(`${url}/me`, tokens.session)).toMatchObject({ status: 200, body: 'user_test' })
      expect(await get(`${url}/me`, 'ak_secret')).toMatchObject({ status: 401 })
      expect(await get(`${url}/user`, tokens.session)).toMatchObject({
        status: 500,
        body: expect.stringContaining('GET /users/user_test'),
      })
    })

    it('is down before it told its keys: everyone is signed out, with the reason, and public routes answer', async () => {
      const { url } = await started(down)
      const { status, reason } = await get(`${url}/me`, tokens.session)
      expect([status, reason]).toEqual([401, 'jwk-remote-failed-to-load'])
      expect(await get(`${url}/public`)).toMatchObject({ status: 200 })
    })

    it('goes down later: its keys are still known', async () => {
      const server = createServer((_request, response) =>
        response.setHeader('content-type', 'application/json').end(JSON.stringify(keySet)),
      )
      const { url } = await started({ apiUrl: await listen(server), maxRetries: 0 })
      expect(await get(`${url}/me`, tokens.session)).toMatchObject({ status: 200 })
      await closeServer(server)
      expect(await get(`${url}/me`, tokens.ofGrace)).toMatchObject({ status: 200, body: 'user_grace' })
    })

    it('never answers: the deadline ends the waiting', async () => {
      const apiUrl = await startApi(() => undefined)
      const { url } = await started({ apiUrl, timeout: 100 })
      expect(await get(`${url}/me`, tokens.session)).toMatchObject({ status: 401, reason: 'jwk-remote-failed-to-load' })
      const withKey = await started({ apiUrl, timeout: 100, jwtKey })
      expect(await get(`${withKey.url}/user`, tokens.session)).toMatchObject({
        status: 500,
        body: expect.stringContaining('100 ms'),
      })
    }, 10_000)

    it('does not know the secret key: everyone is signed out, at once', async () => {
      let asked = 0
      const apiUrl = await startApi((_request, response) => {
        asked++
        response
          .writeHead(401, { 'content-type': 'application/json' })
          .end('{"errors":[{"code":"clerk_key_invalid","message":"The provided Clerk Secret Key is invalid."}]}')
      })
      const { url } = await started({ apiUrl, secretKey: 'sk_live_wrong' })
      expect(await get(`${url}/me`, tokens.session)).toMatchObject({ status: 401, reason: 'secret-key-invalid' })
      expect(asked).toBe(1)
    })
  })

  describe('when the request', () => {
    it('has a cookie and a header that disagree, the header counts', async () => {
      const { url } = await started({ jwtKey })
      expect(
        await get(`${url}/me`, tokens.ofGrace, { cookie: `__session=${tokens.session}; __client_uat=1` }),
      ).toMatchObject({ body: 'user_grace' })
      expect(
        await get(`${url}/me`, tokens.stranger, { cookie: `__session=${tokens.session}; __client_uat=1` }),
      ).toMatchObject({ status: 401 })
    })

    it('makes a handler throw, the next one is answered all the same', async () => {
      const { url } = await started({ jwtKey })
      expect(await get(`${url}/throws`, tokens.session)).toMatchObject({ status: 500 })
      expect(await get(`${url}/me`, tokens.session)).toMatchObject({ status: 200 })
    })

    it.each([
      ['a Host that is none', 'GET /me HTTP/1.1\r\nHost: not a host'],
      ['a Host with a bracket', 'GET /me HTTP/1.1\r\nHost: [::1'],
      ['an empty Host', 'GET /me HTTP/1.1\r\nHost: '],
      [
        'a forwarded Host that is none',
        'GET /me HTTP/1.1\r\nHost: a\r\nX-Forwarded-Host: :/\\?\r\nX-Forwarded-Proto: javascript',
      ],
      ['an absolute target', 'GET http://evil.example/me HTTP/1.1\r\nHost: a'],
      ['a target without a path', 'GET // HTTP/1.1\r\nHost: a'],
      ['a target that leaves its host', 'GET //evil.example/me HTTP/1.1\r\nHost: a'],
      ['a target that is no URL', 'GET http://[ HTTP/1.1\r\nHost: a'],
      ['a target with broken escapes', 'GET /%zz?%c3%28 HTTP/1.1\r\nHost: a'],
    ])('has %s, it is refused or signed out, and never sent to another host', async (what, head) => {
      const { url } = await started({ jwtKey, frontendApiProxy: { enabled: true } })
      const status = await sendRaw(url, `${head}\r\nCookie: __client_uat=9\r\nSec-Fetch-Dest: document`)
      expect(status.code).toBe(refused.includes(what) ? 400 : 307)
      expect(status.location === null).toBe(refused.includes(what))
      expect(status.location?.hostname ?? '').not.toContain('evil')
      expect(status.location?.searchParams.get('redirect_url') ?? '').not.toMatch(/^\w+:\/\/evil/)
      expect(await get(`${url}/me`, tokens.session)).toMatchObject({ status: 200 })
    })
  })

  describe('when a session', () => {
    let latchkey: TestServer
    beforeAll(async () => {
      latchkey = await createTestServer({ port: 0 })
    })
    afterAll(() => latchkey.close())

    it('ended a second ago, its token counts until it expires, and the API says that it has ended', async () => {
      const user = await latchkey.client.users.createUser({ emailAddress: ['ada@example.com'] })
      const session = await latchkey.client.sessions.createSession({ userId: user.id })
      const { jwt } = await latchkey.client.sessions.getToken(session.id)
      await latchkey.client.sessions.revokeSession(session.id)

      const { url } = await started({
        publishableKey: latchkey.publishableKey,
        secretKey: latchkey.secretKey,
        apiUrl: latchkey.url,
      })
      expect(await get(`${url}/me`, jwt)).toMatchObject({ status: 200, body: user.id })
      expect((await latchkey.client.sessions.getSession(session.id)).status).toBe('revoked')
      await expect(latchkey.client.sessions.getToken(session.id)).rejects.toMatchObject({ status: 404 })
    })
  })
}

export async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

async function get(url: string, token?: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers: { ...headers, ...(token ? { authorization: `Bearer ${token}` } : {}) } })
  return { status: response.status, reason: response.headers.get('x-clerk-auth-reason'), body: await response.text() }
}

/** Sends what no client would, and reads the head of the answer. */
async function sendRaw(url: string, head: string): Promise<{ code: number; location: URL | null }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.end(`${head}\r\nConnection: close\r\n\r\n`)
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  const answer = Buffer.concat(chunks).toString()
  const location = /^location: (.+?)\r$/im.exec(answer)?.[1]
  return { code: Number(answer.slice(9, 12)), location: location ? new URL(location) : null }
}
