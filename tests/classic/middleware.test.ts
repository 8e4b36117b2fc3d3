import {
  ClerkExpressMiddleware,
  Clerk,
  ExpressAuthMiddleware,
  NoSessionError,
  type HttpOptions,
  type Middleware,
  type RequestSession,
  type SessionOptions,
  type WithSessionProp,
} from '@latchkey/sdk-node'
import { AuthenticationError, BadRequestError, ConnectionError, TokenVerificationError } from '@latchkey/backend/errors'
import { createTestServer, type TestServer } from '@latchkey/testing'
import express, { type Request } from 'express'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { signIn, useApplications } from './classic.test-support.js'

let server: TestServer
/** The requests that reached the API, or were to. */
let asked: string[]
let onError: ReturnType<typeof vi.fn<(error: unknown) => void>>
const { listen } = useApplications()

/** Notes what is asked, and sends what is asked of `/jwks` elsewhere. */
function recording(keySetPath = '/v1/jwks'): HttpOptions {
  return {
    retry: 0,
    hooks: {
      beforeRequest: [
        (options) => {
          asked.push(`${options.method} ${options.url.pathname}`)
          if (options.url.pathname === '/v1/jwks') options.url.pathname = keySetPath
        },
      ],
    },
  }
}

beforeAll(async () => {
  server = await createTestServer({ port: 0 })
})
beforeEach(() => {
  asked = []
  onError = vi.fn<(error: unknown) => void>()
})
afterEach(() => void vi.unstubAllEnvs())
afterAll(() => server.close())

/** An application that answers with the session it sees. */
async function serve(...middlewares: Middleware[]): Promise<string> {
  const app = express()
  for (const middleware of middlewares) app.use(middleware)
  app.get('/', (request: WithSessionProp<Request>, response) => {
    response.json({ session: request.session ?? null })
  })
  return listen(app)
}

async function sessionAt(url: string, cookie?: string): Promise<RequestSession | null> {
  const response = await fetch(url, { headers: cookie ? { cookie } : {} })
  return ((await response.json()) as { session: RequestSession | null }).session
}

describe('the Express middleware', () => {
  it('sets the session from the cookie, asking for the key set once and for nothing else', async () => {
    const url = await serve(
      ExpressAuthMiddleware(server.secretKey, { serverApiUrl: server.url, onError, httpOptions: recording() }),
    )
    const { userId, sessionId, cookie } = await signIn(server)
    for (let visit = 0; visit < 3; visit++) {
      expect(await sessionAt(url, cookie)).toMatchObject({ id: sessionId, userId, status: 'active' })
    }
    expect(asked).toEqual(['GET /v1/jwks'])
    expect(onError).not.toHaveBeenCalled()
  })

  it('lets a visitor without a cookie go on, and tells onError', async () => {
    const url = await serve(
      ExpressAuthMiddleware(server.secretKey, { serverApiUrl: server.url, onError, httpOptions: recording() }),
    )
    expect(await sessionAt(url)).toBeNull()
    for (const cookie of ['__session=', '__session', '__sessionX', 'session=x'])
      expect(await sessionAt(url, cookie)).toBeNull()
    expect(onError.mock.calls.map(([error]) => error)).toEqual(Array(5).fill(expect.any(NoSessionError)))
    expect(asked).toEqual([])
  })

  it('goes on once onError has been told', async () => {
    const order: string[] = []
    const onError = async (): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve))
      order.push('onError')
    }
    await ExpressAuthMiddleware(server.secretKey, { serverApiUrl: server.url, onError })({ headers: {} }, {}, () =>
      order.push('next'),
    )
    expect(order).toEqual(['onError', 'next'])
  })

  it('goes by the cookie where a header says otherwise, and by the first of two', async () => {
    const url = await serve(ExpressAuthMiddleware(server.secretKey, { serverApiUrl: server.url }))
    const [ada, grace] = [await signIn(server), await signIn(server)]
    const visit = async (headers: HeadersInit) =>
      ((await (await fetch(url, { headers })).json()) as { session: RequestSession | null }).session?.userId
    expect(await visit({ cookie: ada.cookie, authorization: `Bearer ${grace.token}` })).toBe(ada.userId)
    expect(await visit({ authorization: `Bearer ${grace.token}` })).toBeUndefined()
    expect(await visit({ cookie: `__session=${grace.token}; __session=${ada.token}; __session_suffix=none` })).toBe(
      grace.userId,
    )
  })

  it('lets a session that ended a second ago be until its token expires; the API, when asked, does not', async () => {
    const url = await serve(ExpressAuthMiddleware(server.secretKey, { serverApiUrl: server.url, onError }))
    const { sessionId, token, cookie } = await signIn(server)
    await server.client.sessions.revokeSession(sessionId)
    server.clock.advance(1000)
    expect(await sessionAt(url, cookie)).toMatchObject({ id: sessionId })
    const clerk = new Clerk(server.secretKey, { serverApiUrl: server.url })
    await expect(clerk.sessionApi.verifySession(sessionId, token)).rejects.toThrow(AuthenticationError)
    expect(onError).not.toHaveBeenCalled()
  })

  it('goes on when onError throws, at once or later', async () => {
    for (const failing of [
      () => {
        throw new Error('log is full')
      },
      () => Promise.reject(new Error('log is full')),
    ]) {
      expect(
        await sessionAt(
          await serve(ExpressAuthMiddleware(server.secretKey, { serverApiUrl: server.url, onError: failing })),
        ),
      ).toBeNull()
    }
  })

  it('works without onError, with the default instance and with one of its own', async () => {
    vi.stubEnv('CLERK_API_KEY', server.secretKey)
    vi.stubEnv('CLERK_API_URL', server.url)
    const clerk = new Clerk({ apiKey: server.secretKey, serverApiUrl: server.url })
    const { sessionId, cookie } = await signIn(server)
    for (const middleware of [
      ClerkExpressMiddleware(),
      ClerkExpressMiddleware({ clerk }),
      clerk.expressMiddleware(),
      Clerk.expressMiddleware(),
    ]) {
      expect(await sessionAt(await serve(middleware), cookie)).toMatchObject({ id: sessionId })
    }
  })

  it('does not believe a session that stood there before', async () => {
    const forging: Middleware = async (request, _response, next) => {
      Object.assign(request, { session: { userId: 'user_forged' } })
      next()
    }
    const url = await serve(forging, ExpressAuthMiddleware(server.secretKey, { serverApiUrl: server.url }))
    expect(await sessionAt(url)).toBeNull()
  })

  it('refuses a token that is forged, that is over, or that is of another session than is asked for', async () => {
    const past = await createTestServer({ port: 0, now: Date.now() - 120_000 })
    const over = await signIn(past)
    const { token, cookie } = await signIn(server)
    const url = await serve(
      ExpressAuthMiddleware(server.secretKey, { serverApiUrl: server.url, onError, httpOptions: recording() }),
    )
    const pastUrl = await serve(
      ExpressAuthMiddleware(past.secretKey, { serverApiUrl: past.url, onError, httpOptions: recording() }),
    )

    expect(await sessionAt(url, `__session=${token.slice(0, -4)}AAAA`)).toBeNull()
    expect(await sessionAt(pastUrl, over.cookie)).toBeNull()
    expect(await sessionAt(`${url}/?_clerk_session_id=sess_other`, cookie)).toBeNull()
    const errors = onError.mock.calls.map(([error]) => error)
    expect(errors[0]).toBeInstanceOf(TokenVerificationError)
    expect(errors[1]).toMatchObject({ reason: 'token-expired' })
    expect(errors[2]).toBeInstanceOf(NoSessionError)
    expect(asked.filter((request) => request !== 'GET /v1/jwks')).toEqual([])
    await past.close()
  })
})

describe('what cannot be verified here', () => {
  const options = (): SessionOptions => ({
    serverApiUrl: server.url,
    onError,
    httpOptions: recording('/v1/no-key-set'),
  })

  it('is verified by the API, which names the session unless the request does', async () => {
    const url = await serve(ExpressAuthMiddleware(server.secretKey, options()))
    const { userId, sessionId, cookie } = await signIn(server)

    expect(await sessionAt(url, cookie)).toMatchObject({
      id: sessionId,
      userId,
      clientId: expect.stringMatching(/^client_/),
    })
    expect(asked).toEqual(['GET /v1/jwks', 'POST /v1/clients/verify', `POST /v1/sessions/${sessionId}/verify`])
    expect(await sessionAt(`${url}/?_clerk_session_id=`, cookie)).toMatchObject({ id: sessionId })
    asked = []
    expect(await sessionAt(`${url}/?_clerk_session_id=${sessionId}`, cookie)).toMatchObject({ id: sessionId, userId })
    expect(asked).toEqual(['GET /v1/jwks', `POST /v1/sessions/${sessionId}/verify`])
  })

  it('is refused by the API: a session that ended a second ago, a token that is none', async () => {
    const url = await serve(ExpressAuthMiddleware(server.secretKey, options()))
    const { sessionId, cookie } = await signIn(server)
    await server.client.sessions.revokeSession(sessionId)
    server.clock.advance(1000)

    expect(await sessionAt(url, cookie)).toBeNull()
    expect(await sessionAt(url, '__session=opaque')).toBeNull()
    expect(onError.mock.calls.map(([error]) => error)).toEqual([
      expect.any(AuthenticationError),
      expect.any(BadRequestError),
    ])
  })

  it('is refused with a wrong key or without one, and onError is told which', async () => {
    const { cookie } = await signIn(server)
    expect(
      await sessionAt(
        await serve(ExpressAuthMiddleware('sk_test_wrong', { serverApiUrl: server.url, onError })),
        cookie,
      ),
    ).toBeNull()
    expect(
      await sessionAt(await serve(ExpressAuthMiddleware('', { serverApiUrl: server.url, onError })), cookie),
    ).toBeNull()
    expect(onError.mock.calls[0]![0]).toMatchObject({ reason: 'secret-key-invalid' })
    expect(onError.mock.calls[1]![0]).toMatchObject({
      message: 'Missing API key. Pass it to new Clerk(apiKey), or set CLERK_API_KEY.',
    })
  })
})

describe('with the API down', () => {
  it('still verifies who is signed in, once it has the keys, and says what it cannot', async () => {
    const failing = await createTestServer({ port: 0 })
    const middleware = ExpressAuthMiddleware(failing.secretKey, {
      serverApiUrl: failing.url,
      onError,
      httpOptions: { retry: 0, timeout: 2000 },
    })
    const url = await serve(middleware)
    const { sessionId, cookie } = await signIn(failing)
    const later = await signIn(failing)
    expect(await sessionAt(url, cookie)).toMatchObject({ id: sessionId })
    await failing.close()

    expect(await sessionAt(url, cookie)).toMatchObject({ id: sessionId })
    expect(await sessionAt(url, later.cookie)).toMatchObject({ id: later.sessionId })
    expect(await sessionAt(url, '__session=opaque')).toBeNull()
    const restarted = await serve(
      ExpressAuthMiddleware('sk_test_restarted', {
        serverApiUrl: failing.url,
        onError,
        httpOptions: { retry: 0, timeout: 2000 },
      }),
    )
    expect(await sessionAt(restarted, cookie)).toBeNull()
    expect(onError.mock.calls.map(([error]) => error)).toEqual([
      expect.any(ConnectionError),
      expect.any(ConnectionError),
    ])
  })
})
