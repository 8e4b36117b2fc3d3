import { serve, type ServerType } from '@hono/node-server'
import { createClerkClient } from '@latchkey/backend'
import { clerkMiddleware, getAuth } from '@latchkey/hono'
import { Hono } from 'hono'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { closeServer, describeBadInput, type StartApp } from '../hono-fastify-bad-input.test-support.js'
import { describeProxy } from '../hono-fastify-proxy.test-support.js'
import { development, production, tokens } from '../hono-fastify.test-support.js'

const { publishableKey, secretKey, jwtKey } = production
const keys = { publishableKey, secretKey, jwtKey }
const init = { headers: { authorization: `Bearer ${tokens.session}` } }

function createApp(options?: Parameters<typeof clerkMiddleware>[0]) {
  const app = new Hono()
  app.use(clerkMiddleware(options))
  app.get('/public', (c) => c.text('public'))
  app.get('/me', (c) => {
    const { userId } = getAuth(c)
    return userId ? c.text(userId) : c.body(null, 401)
  })
  app.get('/user', async (c) => c.text((await c.get('clerk').users.getUser(getAuth(c).userId!)).id))
  app.get('/throws', () => {
    throw new Error('a mistake')
  })
  app.onError((error, c) => c.text(error.message, 500))
  return app
}

const start: StartApp = async (options) => {
  const { fetch } = createApp(options)
  const server = await new Promise<ServerType>((resolve) => {
    const listening = serve({ fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
      url = `http://127.0.0.1:${port}`
      resolve(listening)
    })
  })
  return { url, close: () => closeServer(server as never) }
}
let url: string

afterEach(() => {
  vi.unstubAllEnvs()
})

describeBadInput(start, ['a Host that is none', 'a Host with a bracket', 'a target that is no URL'])
describeProxy({ middleware: { start } })

describe('clerkMiddleware()', () => {
  const withoutKeys = () => {
    for (const variable of ['CLERK_SECRET_KEY', 'CLERK_PUBLISHABLE_KEY', 'CLERK_JWT_KEY']) vi.stubEnv(variable, '')
  }

  it.each([
    ['CLERK_SECRET_KEY', { publishableKey }],
    ['CLERK_PUBLISHABLE_KEY', { secretKey }],
  ])('fails without %s, and says which line to put where', async (name, options) => {
    withoutKeys()
    const response = await createApp(options).request('/public')
    expect(response.status).toBe(500)
    expect(await response.text()).toMatch(new RegExp(`${name} is missing[^]*\n {2}${name}=`))
  })

  it('takes its keys from the bindings, and does not keep them for a request with others', async () => {
    withoutKeys()
    const app = createApp()
    const bindings = ({ publishableKey, secretKey, jwtKey }: typeof production) => ({
      CLERK_PUBLISHABLE_KEY: publishableKey,
      CLERK_SECRET_KEY: secretKey,
      CLERK_JWT_KEY: jwtKey,
    })
    expect((await app.request('/me', init, bindings(production))).status).toBe(200)
    expect((await app.request('/me', init, bindings(development))).status).toBe(401)
    expect((await app.request('/me', init)).status).toBe(500)
  })

  it('prefers options to bindings, and bindings to the environment', async () => {
    vi.stubEnv('CLERK_SECRET_KEY', 'sk_live_environment')
    vi.stubEnv('CLERK_PUBLISHABLE_KEY', publishableKey)
    vi.stubEnv('CLERK_JWT_KEY', development.jwtKey)
    const bindings = { CLERK_JWT_KEY: jwtKey }
    expect((await createApp().request('/me', init)).status).toBe(401)
    expect((await createApp().request('/me', init, bindings)).status).toBe(200)
    expect((await createApp({ jwtKey: development.jwtKey }).request('/me', init, bindings)).status).toBe(401)
  })

  it('finds its options by a function of the request', async () => {
    const app = createApp(async (c) => ({
      ...keys,
      jwtKey: c.req.header('x-tenant') === 'other' ? development.jwtKey : jwtKey,
    }))
    expect((await app.request('/me', init)).status).toBe(200)
    expect((await app.request('/me', { headers: { ...init.headers, 'x-tenant': 'other' } })).status).toBe(401)
  })

  it('takes a client that the application has made', async () => {
    const clerkClient = createClerkClient(keys)
    const app = new Hono()
      .use(clerkMiddleware({ clerkClient }))
      .get('/', (c) => c.json([getAuth(c).userId, c.get('clerk') === clerkClient]))
    expect(await (await app.request('/', init)).json()).toEqual(['user_test', true])
  })

  it('replaces what somebody else has put in its place', async () => {
    const app = new Hono()
    app.use((c, next) => {
      c.set('clerkAuth', (() => ({ userId: 'user_forged' })) as never)
      return next()
    })
    app.use(clerkMiddleware(keys))
    app.get('/', (c) => c.json(getAuth(c)))
    expect(await (await app.request('/')).json()).toMatchObject({ userId: null, isAuthenticated: false })
  })

  it('sends its headers with whatever a handler answers, errors included, and once where it is mounted twice', async () => {
    const app = new Hono()
    app.use('*', clerkMiddleware(keys))
    app.use('/twice', clerkMiddleware(keys))
    app.get('/raw', () => new Response('raw', { headers: { 'x-own': '1' } }))
    app.get('/throws', () => {
      throw new Error('a mistake')
    })
    app.onError((_error, c) => c.text('failed', 500))
    for (const path of ['/raw', '/throws', '/twice', '/missing']) {
      expect((await app.request(path)).headers.get('x-clerk-auth-status')).toBe('signed-out')
    }
  })
})

describe('getAuth()', () => {
  it('says that the middleware is missing', async () => {
    const app = new Hono().get('/', (c) => c.json(getAuth(c)))
    app.onError((error, c) => c.text(error.message, 500))
    expect(await (await app.request('/')).text()).toContain('app.use(clerkMiddleware())')
  })
})
