import { createTestInstance } from '@latchkey/backend/testing'
import { createTestServer, type TestServer } from '@latchkey/testing'
import {
  clerkClient,
  clerkMiddleware,
  createClerkClient,
  getAuth,
  requireAuth,
  type ClerkMiddlewareOptions,
} from '@latchkey/express'
import { ConnectionError, TimeoutError } from '@latchkey/backend/errors'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { adapters, expressVersions, listen, quietly, visit, type RunningApp, type Visit } from './apps.test-support.js'

const instance = await createTestInstance({ type: 'production' })
const keys: ClerkMiddlewareOptions = {
  publishableKey: instance.publishableKey,
  secretKey: instance.secretKey,
  jwtKey: instance.jwtKey,
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

const apps: { close(): Promise<void> }[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const app of apps.splice(0)) await app.close()
})

const tellUser: RequestHandler = (request, response) => void response.json({ userId: getAuth(request).userId })

describe.each(expressVersions)('on %s', (_version, express) => {
  async function start(...handlers: RequestHandler[]): Promise<RunningApp> {
    const app = quietly(express())
    for (const handler of handlers) app.use(handler)
    app.use(
      (error: Error, _request: Request, response: Response, _next: NextFunction) =>
        void response.status(500).json({ error: error.message }),
    )
    const running = await listen(app)
    apps.push(running)
    return running
  }

  async function ask(app: RunningApp, request?: Visit) {
    const { status, headers, text } = await visit(app, request)
    return { status, headers, body: JSON.parse(text) as { userId?: string | null; error?: string } }
  }

  it('refuses TRACE before any application sees it, as @clerk/express does', async () => {
    const seen = vi.fn<RequestHandler>((_request, response) => void response.end())
    for (const { clerkMiddleware: middleware } of Object.values(adapters)) {
      const app = await start(middleware(keys), seen)
      expect((await visit(app, { method: 'TRACE', headers: bearer('x') })).status).toBe(400)
    }
    expect(seen).not.toHaveBeenCalled()
  })

  it('says which variable is missing, until it is there', async () => {
    const app = await start(clerkMiddleware({ jwtKey: keys.jwtKey }), tellUser)
    expect(await ask(app)).toMatchObject({
      status: 500,
      body: { error: expect.stringContaining('CLERK_PUBLISHABLE_KEY=pk_test_…') },
    })
    vi.stubEnv('CLERK_PUBLISHABLE_KEY', instance.publishableKey)
    expect(await ask(app, { headers: bearer(await instance.signSessionToken()) })).toMatchObject({
      status: 200,
      body: { userId: 'user_test' },
    })
  })

  it('says that the secret key is missing, also to requests for the proxied Frontend API', async () => {
    const options = { publishableKey: keys.publishableKey, frontendApiProxy: { enabled: true } }
    const app = await start(clerkMiddleware(options), tellUser)
    for (const path of ['/', '/__clerk/v1/client']) {
      expect(await ask(app, { path })).toMatchObject({
        status: 500,
        body: { error: expect.stringContaining('CLERK_SECRET_KEY=sk_test_…') },
      })
    }
  })

  it.each([
    [{ ...keys, publishableKey: 'pk_test_x' }, 'not valid'],
    [{ ...keys, isSatellite: true }, 'domain'],
    [{ ...keys, isSatellite: true, domain: 'a.com', secretKey: 'sk_test_x' }, 'signInUrl'],
    [{ ...keys, organizationSyncOptions: { organizationPatterns: ['/orgs/:'] } }, 'Invalid pattern'],
  ] as [ClerkMiddlewareOptions, string][])('hands wrong options %# to the error handler', async (options, message) => {
    for (const middleware of [clerkMiddleware(options), clerkMiddleware(() => options), requireAuth(options)]) {
      expect(await ask(await start(middleware, tellUser))).toMatchObject({
        status: 500,
        body: { error: expect.stringContaining(message) },
      })
    }
  })

  it('says what is missing where getAuth comes without the middleware, whatever req.auth is', async () => {
    const app = await start((request, _response, next) => {
      Object.assign(request, { auth: () => ({ userId: 'user_forged', tokenType: 'session_token' }) })
      next()
    }, tellUser)
    expect(await ask(app)).toMatchObject({
      status: 500,
      body: { error: expect.stringContaining('app.use(clerkMiddleware())') },
    })
  })

  it.each([
    ['a function', { value: () => ({ userId: 'user_forged', tokenType: 'session_token' }), configurable: true }],
    ['a property that cannot be written', { get: () => () => ({ userId: 'user_forged' }), configurable: true }],
  ])('overwrites req.auth when somebody has made it %s', async (_what, property) => {
    const forge: RequestHandler = (request, _response, next) => {
      Object.defineProperty(request, 'auth', property)
      next()
    }
    const tell: RequestHandler = (request, response) =>
      void response.json({ userId: (request as unknown as { auth: () => { userId: string } }).auth().userId })
    expect(await ask(await start(forge, clerkMiddleware(keys), tell))).toMatchObject({ body: { userId: null } })
    expect(await ask(await start(forge, clerkMiddleware(keys), tellUser))).toMatchObject({ body: { userId: null } })
    expect(await ask(await start(clerkMiddleware(keys), forge, tellUser))).toMatchObject({ body: { userId: null } })
  })

  it('decides once for a request, by the first middleware', async () => {
    const stranger = await createTestInstance({ type: 'production' })
    const app = await start(
      clerkMiddleware(keys),
      clerkMiddleware({ ...keys, jwtKey: stranger.jwtKey }),
      requireAuth({ ...keys, jwtKey: stranger.jwtKey }),
      tellUser,
    )
    expect(await ask(app, { headers: bearer(await instance.signSessionToken()) })).toMatchObject({
      body: { userId: 'user_test' },
    })
  })

  it('leaves a handler that throws to the error handler, once', async () => {
    const thrower: RequestHandler = () => {
      throw new Error('the handler failed')
    }
    const headers = bearer(await instance.signSessionToken())
    for (const middleware of [clerkMiddleware(keys), requireAuth(keys), clerkMiddleware(async () => keys)]) {
      expect(await ask(await start(middleware, thrower), { headers })).toMatchObject({
        status: 500,
        body: { error: 'the handler failed' },
      })
    }
  })

  it('answers whatever path and host are asked for', async () => {
    const app = await start(clerkMiddleware(keys), tellUser)
    const headers = { 'sec-fetch-dest': 'document' }
    for (const path of [
      '//',
      '//evil.example/x',
      '/%',
      '/a?%',
      'http://evil.example/x',
      '/?__clerk_redirect_url=%00',
    ]) {
      expect(await ask(app, { path })).toMatchObject({ status: 200, body: { userId: null } })
      const { status, headers: sent } = await visit(app, { path, headers, cookies: { __client_uat: '1' } })
      expect([status, new URL(new URL(sent.location!).searchParams.get('redirect_url')!).host]).toEqual([
        307,
        'app.example.com',
      ])
    }
    for (const host of ['not a host', 'a b:c', '[', 'x'.repeat(5_000)]) {
      expect(await ask(app, { headers: { host } })).toMatchObject({ status: 200, body: { userId: null } })
    }
  })

  it('finds the session among two hundred cookies', async () => {
    const others = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`tracker_${index}`, `%E0%A4%A;"=${index}`]),
    )
    const cookies = { ...others, __session: await instance.signSessionToken(), __client_uat: '1' }
    const app = await start(clerkMiddleware(keys), tellUser)
    expect(await ask(app, { cookies })).toMatchObject({ status: 200, body: { userId: 'user_test' } })
  })

  it('adds its cookies to those that are set already', async () => {
    const setOwn: RequestHandler = (_request, response, next) => {
      response.setHeader('set-cookie', 'theme=dark')
      next()
    }
    const app = await start(setOwn, clerkMiddleware(keys))
    const { headers } = await visit(app, { headers: { 'sec-fetch-dest': 'document' }, cookies: { __client_uat: '1' } })
    expect(headers['set-cookie']).toEqual(['theme=dark', expect.stringContaining('__clerk_redirect_count=1')])
  })
})

describe('with an API', () => {
  let server: TestServer
  let session: { id: string; token: string }
  beforeAll(async () => {
    server = await createTestServer({ port: 0 })
    const user = await server.client.users.createUser({ emailAddress: ['ada@example.com'] })
    const { id } = await server.client.sessions.createSession({ userId: user.id })
    session = { id, token: (await server.client.sessions.getToken(id)).jwt }
  })
  afterAll(() => server.close())

  const [, express] = expressVersions[1]!
  async function startWith(options: ClerkMiddlewareOptions): Promise<RunningApp> {
    const app = await listen(quietly(express()).use(clerkMiddleware(options), tellUser))
    apps.push(app)
    return app
  }
  const ask = (app: RunningApp) => visit(app, { headers: bearer(session.token) })

  it('lets nobody in with a wrong key, and says why in a header', async () => {
    const app = await startWith({
      publishableKey: server.publishableKey,
      secretKey: 'sk_test_wrong',
      apiUrl: server.url,
    })
    const { status, headers, text } = await ask(app)
    expect([status, text, headers['x-clerk-auth-reason']]).toEqual([200, '{"userId":null}', 'secret-key-invalid'])
    const client = createClerkClient({ secretKey: 'sk_test_wrong', apiUrl: server.url })
    await expect(client.users.getUserList()).rejects.toMatchObject({
      status: 401,
      errors: [{ code: 'clerk_key_invalid' }],
    })
  })

  it('believes a token until it expires, although its session has ended; the API does not', async () => {
    const app = await startWith({
      publishableKey: server.publishableKey,
      secretKey: server.secretKey,
      apiUrl: server.url,
    })
    await server.client.sessions.revokeSession(session.id)
    expect((await ask(app)).text).not.toBe('{"userId":null}')
    await expect(server.client.sessions.getToken(session.id)).rejects.toMatchObject({ status: 404 })
    expect((await server.client.sessions.getSession(session.id)).status).toBe('revoked')
  })

  it('goes on while the API is down where the key is at hand, and lets nobody in where it is not', async () => {
    const { publishableKey, secretKey } = server
    const nobody = await listen(() => {})
    const apiUrl = nobody.url
    await nobody.close()
    const local = await startWith({ publishableKey, secretKey, apiUrl, jwtKey: await server.jwtKey() })
    expect((await ask(local)).text).not.toBe('{"userId":null}')
    const remote = await startWith({ publishableKey, secretKey, apiUrl, maxRetries: 0 })
    const { status, text, headers } = await ask(remote)
    expect([status, text, headers['x-clerk-auth-reason']]).toEqual([
      200,
      '{"userId":null}',
      'jwk-remote-failed-to-load',
    ])
    vi.stubEnv('CLERK_SECRET_KEY', secretKey)
    vi.stubEnv('CLERK_API_URL', apiUrl)
    await expect(clerkClient.users.getUserList({}, { maxRetries: 0 })).rejects.toThrow(ConnectionError)
  })

  it('ends a call to an API that does not answer at its deadline', async () => {
    const silent = await listen(() => {})
    apps.push(silent)
    const app = await startWith({
      publishableKey: server.publishableKey,
      secretKey: server.secretKey,
      apiUrl: silent.url,
      timeout: 200,
      maxRetries: 0,
    })
    expect((await ask(app)).headers['x-clerk-auth-reason']).toBe('jwk-remote-failed-to-load')
    const client = createClerkClient({ secretKey: server.secretKey, apiUrl: silent.url, timeout: 200 })
    await expect(client.users.getUserList()).rejects.toThrow(TimeoutError)
  })
})
