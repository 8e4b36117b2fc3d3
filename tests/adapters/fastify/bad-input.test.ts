import { clerkClient, clerkPlugin, getAuth } from '@latchkey/fastify'
import Fastify from 'fastify'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { describeBadInput, type StartApp } from '../hono-fastify-bad-input.test-support.js'
import { describeProxy } from '../hono-fastify-proxy.test-support.js'
import { production, tokens, withApi } from '../hono-fastify.test-support.js'

const { publishableKey, secretKey, jwtKey } = production
const keys = { publishableKey, secretKey, jwtKey }
const headers = { authorization: `Bearer ${tokens.session}` }

const start: StartApp = async (options) => {
  const app = Fastify({ forceCloseConnections: true })
  await app.register(clerkPlugin, options)
  app.get('/public', () => 'public')
  app.get('/me', (request, reply) => getAuth(request).userId ?? reply.code(401).send())
  app.get('/user', async (request) => (await request.clerk.users.getUser(getAuth(request).userId!)).id)
  app.get('/throws', () => {
    throw new Error('a mistake')
  })
  return { url: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() }
}

afterEach(() => {
  vi.unstubAllEnvs()
})

describeBadInput(start, ['a target that is no URL', 'a target with broken escapes'])
describeProxy({ onRequest: { start, options: { hookName: 'onRequest' } }, preHandler: { start } })

describe('clerkPlugin', () => {
  it.each([
    ['CLERK_SECRET_KEY', { publishableKey }],
    ['CLERK_PUBLISHABLE_KEY', { secretKey }],
    ['CLERK_SECRET_KEY', { publishableKey, secretKey: '' }],
  ])('does not start without %s, and says which line to put where', async (name, options) => {
    for (const variable of ['CLERK_SECRET_KEY', 'CLERK_PUBLISHABLE_KEY', 'CLERK_JWT_KEY']) vi.stubEnv(variable, '')
    await expect(start(options)).rejects.toThrow(new RegExp(`${name} is missing[^]*\n {2}${name}=`))
  })

  it('takes from the environment what it is not given, when it is registered', async () => {
    vi.stubEnv('CLERK_PUBLISHABLE_KEY', publishableKey)
    vi.stubEnv('CLERK_JWT_KEY', jwtKey)
    const app = Fastify()
    await app.register(clerkPlugin)
    app.get('/', (request) => getAuth(request))
    expect((await app.inject({ url: '/', headers })).json()).toMatchObject({ userId: 'user_test' })
  })

  it('runs in no other hook than onRequest and preHandler', async () => {
    const app = Fastify()
    await expect(app.register(clerkPlugin, { ...keys, hookName: 'preParsing' as never })).rejects.toThrow(
      'Unsupported hookName: preParsing',
    )
  })

  it('takes its options from a function too, as Fastify calls it', async () => {
    const app = Fastify()
    await app.register(clerkPlugin, () => keys)
    app.get('/', (request) => getAuth(request))
    expect((await app.inject({ url: '/', headers })).json()).toMatchObject({ userId: 'user_test' })
  })

  it('leaves to Fastify what Fastify means by its options', async () => {
    const debug = vi.spyOn(console, 'debug')
    const app = Fastify()
    await app.register(clerkPlugin, { ...keys, logLevel: 'debug', prefix: '/api' })
    app.get('/', (request) => request.clerk.users.getCount())
    const { result } = await withApi([{ path: '/users/count', body: { object: 'total_count', total_count: 3 } }], () =>
      app.inject({ url: '/', headers }),
    )
    expect(result.json()).toBe(3)
    expect(debug).not.toHaveBeenCalled()
  })

  it('takes a client that the application has made', async () => {
    const app = Fastify()
    await app.register(clerkPlugin, { clerkClient: clerkClient.withOptions(keys) })
    app.get('/', (request) => getAuth(request))
    expect((await app.inject({ url: '/', headers })).json()).toMatchObject({ userId: 'user_test' })
  })

  it.each(['onRequest', 'preHandler'] as const)(
    'lets nobody in whom another plugin put into request.auth, in %s',
    async (hookName) => {
      const app = Fastify()
      const forge = (request: object) =>
        void Object.assign(request, { auth: { userId: 'user_forged', isAuthenticated: true } })
      app.decorateRequest('auth', null)
      app.addHook('onRequest', async (request) => forge(request))
      await app.register(clerkPlugin, { ...keys, hookName })
      app.addHook('preHandler', async (request) => forge(request))
      app.get('/', async (request) => getAuth(request))
      expect((await app.inject({ url: '/' })).json()).toMatchObject({ userId: null, isAuthenticated: false })
    },
  )

  it('replaces what stands in request.auth', async () => {
    const app = Fastify()
    app.decorateRequest('auth', null)
    app.addHook('onRequest', async (request) => void Object.assign(request, { auth: { userId: 'user_forged' } }))
    await app.register(clerkPlugin, keys)
    app.get('/', async (request) => (request as { auth?: object }).auth)
    expect((await app.inject({ url: '/' })).json()).toMatchObject({ userId: null })
    expect((await app.inject({ url: '/', headers })).json()).toMatchObject({ userId: 'user_test' })
  })

  it('has other options in a part of the application, when it is registered there again', async () => {
    const app = Fastify()
    await app.register(clerkPlugin, keys)
    app.get('/', (request) => getAuth(request))
    await app.register(async (part) => {
      await part.register(clerkPlugin, { ...keys, authorizedParties: ['https://other.example.com'] })
      part.get('/part', (request) => getAuth(request))
    })
    expect((await app.inject({ url: '/', headers })).json()).toMatchObject({ userId: 'user_test' })
    expect((await app.inject({ url: '/part', headers })).json()).toMatchObject({ userId: null })
  })

  it('refuses to proxy a method that fetch does not send', async () => {
    const app = Fastify()
    await app.register(clerkPlugin, { ...keys, frontendApiProxy: { enabled: true } })
    expect((await app.inject({ url: '/__clerk/v1', method: 'TRACE' as 'GET' })).statusCode).toBe(400)
  })

  it('can leave pending sessions in, where a route wants them', async () => {
    const app = Fastify()
    await app.register(clerkPlugin, keys)
    app.get('/', (request) => [getAuth(request).userId, getAuth(request, { treatPendingAsSignedOut: false }).userId])
    const answer = await app.inject({ url: '/', headers: { authorization: `Bearer ${tokens.pending}` } })
    expect(answer.json()).toEqual([null, 'user_test'])
  })
})

describe('getAuth()', () => {
  it('says that the plugin is missing', async () => {
    const app = Fastify()
    app.get('/', (request) => getAuth(request))
    expect((await app.inject('/')).json()).toMatchObject({
      statusCode: 500,
      message: expect.stringContaining('app.register(clerkPlugin)'),
    })
  })
})
