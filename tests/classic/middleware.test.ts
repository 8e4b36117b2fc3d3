import { execFile } from 'node:child_process'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  ClerkExpressMiddleware,
  Clerk,
  ExpressAuthMiddleware,
  NoSessionError,
  requireSession,
  withSession,
  type HttpOptions,
  type Middleware,
  type RequestSession,
  type RequireSessionProp,
  type SessionOptions,
  type WithSessionProp,
} from '@latchkey/sdk-node'
import { AuthenticationError, BadRequestError, ConnectionError, TokenVerificationError } from '@latchkey/backend/errors'
import { createTestServer, type TestServer } from '@latchkey/testing'
import express, { type Request, type Response } from 'express'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

// Its handlers are those of Express 5, whose types do for both.
const express4 = createRequire(import.meta.url)('express-4') as typeof express

let server: TestServer
/** The requests that reached the API, or were to. */
let asked: string[]
let onError: ReturnType<typeof vi.fn<(error: unknown) => void>>
const applications: Server[] = []

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
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const application of applications.splice(0)) {
    application.close()
    application.closeAllConnections()
    await once(application, 'close')
  }
})
afterAll(() => server.close())

/** Someone who is signed in, with a cookie. */
async function signIn(on = server): Promise<{ userId: string; sessionId: string; token: string; cookie: string }> {
  const { id: userId } = await on.client.users.createUser({
    username: `ada_${applications.length}${Date.now()}${Math.round(performance.now() * 1000)}`,
  })
  const { id: sessionId } = await on.client.sessions.createSession({ userId })
  const { jwt } = await on.client.sessions.getToken(sessionId)
  return { userId, sessionId, token: jwt, cookie: `theme=dark; __session=${jwt}; other=1` }
}

/** An application that answers with the session it sees. */
async function serve(...middlewares: Middleware[]): Promise<string> {
  const app = express()
  for (const middleware of middlewares) app.use(middleware)
  app.get('/', (request: WithSessionProp<Request>, response) => {
    response.json({ session: request.session ?? null })
  })
  return listen(app)
}

async function listen(app: express.Express): Promise<string> {
  const application = app.listen(0, '127.0.0.1')
  applications.push(application)
  await once(application, 'listening')
  return `http://127.0.0.1:${(application.address() as AddressInfo).port}`
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
    const { userId, sessionId, cookie } = await signIn()
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
    const [ada, grace] = [await signIn(), await signIn()]
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
    const { sessionId, token, cookie } = await signIn()
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
    const { sessionId, cookie } = await signIn()
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
    const { token, cookie } = await signIn()
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
    const { userId, sessionId, cookie } = await signIn()

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
    const { sessionId, cookie } = await signIn()
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
    const { cookie } = await signIn()
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

describe('the wrappers of handlers', () => {
  const options = (): SessionOptions => ({ apiKey: server.secretKey, serverApiUrl: server.url, onError })

  it('hand the session to a handler, and hand on what it answers', async () => {
    const { userId, cookie } = await signIn()
    const handler = (request: WithSessionProp<{ headers: { cookie?: string } }>, _response: object) =>
      request.session?.user_id ?? 'nobody'
    expect(await withSession(handler, options())({ headers: { cookie } }, {})).toBe(userId)
    expect(await withSession(handler, options())({ headers: {} }, {})).toBe('nobody')
    expect(onError).toHaveBeenCalledOnce()
  })

  it('refuse with 401 and an empty body where a session is required', async () => {
    const { userId, cookie } = await signIn()
    const app = express()
    let handled = 0
    const handler = (request: RequireSessionProp<Request>, response: Response): void => {
      handled++
      response.json({ userId: request.session.userId })
    }
    app.get('/', requireSession(handler, options()))
    const url = await listen(app)

    const refused = await fetch(url)
    expect([refused.status, await refused.text(), handled]).toEqual([401, '', 0])
    expect(await (await fetch(url, { headers: { cookie } })).json()).toEqual({ userId })
  })

  it('do not take a session that stood there before for one', async () => {
    const handler = vi.fn<() => void>()
    const response = { statusCode: 200, end: vi.fn<() => void>() }
    await requireSession(handler, options())(
      { headers: {}, session: { userId: 'user_forged' } } as { headers: object },
      response,
    )
    expect(response.statusCode).toBe(401)
    expect(handler).not.toHaveBeenCalled()
  })

  it('refuse everyone with a wrong key, without one, and with the API down', async () => {
    const { cookie } = await signIn()
    const handler = vi.fn<() => void>()
    const wrong: SessionOptions[] = [
      { apiKey: 'sk_test_wrong', serverApiUrl: server.url },
      { clerk: new Clerk({ serverApiUrl: server.url }) },
      { apiKey: 'sk_test_1', serverApiUrl: 'http://127.0.0.1:1' },
    ]
    for (const option of wrong) {
      const response = { statusCode: 200, end: vi.fn<() => void>() }
      await requireSession(handler, { ...option, onError })({ headers: { cookie } }, response)
      expect([response.statusCode, response.end.mock.calls]).toEqual([401, [[]]])
    }
    expect(handler).not.toHaveBeenCalled()
    expect(onError.mock.calls.map(([error]) => (error as Error).constructor)).toEqual([
      TokenVerificationError,
      Error,
      ConnectionError,
    ])
  })

  it('fit the types of Next', async () => {
    const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url))
    const project = fileURLToPath(new URL('tsconfig.next.json', import.meta.url))
    await expect(promisify(execFile)(process.execPath, [compiler, '--project', project])).resolves.toMatchObject({
      stdout: '',
    })
  })

  it('leave the errors of a handler to the caller', async () => {
    const { cookie } = await signIn()
    const failing = (): never => {
      throw new Error('the handler failed')
    }
    const request = { headers: { cookie } }
    await expect(withSession(failing, options())(request, {})).rejects.toThrow('the handler failed')
    await expect(
      requireSession(failing, options())(request, { statusCode: 200, end: vi.fn<() => void>() }),
    ).rejects.toThrow('the handler failed')
    expect(onError).not.toHaveBeenCalled()
  })

  it.each([
    ['4', express4],
    ['5', express],
  ])('leave them to Express %s where they are its handlers', async (_version, framework) => {
    const { cookie } = await signIn()
    const app = framework()
    const failing = (): never => {
      throw new Error('the handler failed')
    }
    app.get('/open', withSession(failing, options()))
    app.get(
      '/closed',
      requireSession(() => Promise.reject(new Error('the handler failed')), options()),
    )
    app.use(
      (error: Error, _request: Request, response: Response, _next: unknown) =>
        void response.status(500).end(error.message),
    )
    const url = await listen(app)
    for (const path of ['/open', '/closed']) {
      const response = await fetch(url + path, { headers: { cookie } })
      expect([response.status, await response.text()]).toEqual([500, 'the handler failed'])
    }
  })

  it('come with the default instance and with one of its own', async () => {
    vi.stubEnv('CLERK_SECRET_KEY', server.secretKey)
    vi.stubEnv('CLERK_API_URL', server.url)
    const { userId, cookie } = await signIn()
    const clerk = new Clerk(server.secretKey, { serverApiUrl: server.url })
    const handler = (request: WithSessionProp<{ headers: { cookie?: string } }>, _response: object) =>
      request.session?.userId
    for (const wrapped of [
      withSession(handler),
      withSession(handler, { clerk }),
      clerk.withSession(handler),
      Clerk.withSession(handler),
    ]) {
      expect(await wrapped({ headers: { cookie } }, {})).toBe(userId)
    }
    for (const option of [
      { serverApiUrl: 'http://127.0.0.1:1' },
      { apiVersion: 'v0' },
      { apiKey: 'sk_test_1' },
      { httpOptions: { headers: { authorization: 'Bearer none' } } },
    ]) {
      expect(
        await withSession(handler, { ...option, onError })({ headers: { cookie: '__session=opaque' } }, {}),
      ).toBeUndefined()
    }
    expect(onError.mock.calls.map(([error]) => (error as { status?: number }).status)).toEqual([
      undefined,
      404,
      401,
      401,
    ])
  })
})
