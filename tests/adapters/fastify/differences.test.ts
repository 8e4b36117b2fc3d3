import * as ours from '@latchkey/fastify'
import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { production, tokens, withApi } from '../hono-fastify.test-support.js'

const official = (await import('@clerk/fastify' as string)) as typeof ours
const { publishableKey, secretKey, jwtKey } = production
const keys = { publishableKey, secretKey, jwtKey }
const headers = { authorization: `Bearer ${tokens.session}` }

afterEach(() => {
  vi.unstubAllEnvs()
})

type Build = (adapter: typeof ours, app: FastifyInstance) => Promise<void> | void

const answerAuth: Build = async ({ clerkPlugin, getAuth }, app) => {
  await app.register(clerkPlugin, keys)
  app.all('*', (request) => getAuth(request).userId ?? 'nobody')
}

const fixtures = [
  { path: '/jwks', body: production.keySet },
  { method: 'POST', path: '/sign_ins', body: 'passed on' },
]

async function ask(adapter: typeof ours, build: Build, request: InjectOptions): Promise<unknown> {
  const app = Fastify()
  try {
    await build(adapter, app)
    const { result } = await withApi(fixtures, () => app.inject({ url: '/', ...request }))
    return result.statusCode === 200 ? result.body : result.statusCode
  } catch (error) {
    return (error as Error).message.split('.')[0]
  }
}

/** What both answer: the body, another status than 200, or how the start failed. */
async function compare(build: Build, request: InjectOptions = {}): Promise<[official: unknown, ours: unknown]> {
  return [await ask(official, build, request), await ask(ours, build, request)]
}

/** The table of docs/adapters/fastify.md, row by row; that of webhooks is in webhooks.test.ts. */
describe('@latchkey/fastify differs from @clerk/fastify', () => {
  it('in the scheme of a header, which has no case', async () => {
    const request = { headers: { authorization: `bearer ${tokens.session}` } }
    expect(await compare(answerAuth, request)).toEqual(['nobody', 'user_test'])
  })

  it('in needing no secret key where tokens are verified with another', async () => {
    const build: Build = async ({ clerkPlugin, getAuth }, app) => {
      await app.register(clerkPlugin, { publishableKey, jwtKey })
      app.get('/', (request) => getAuth(request).userId)
    }
    expect(await compare(build, { headers })).toEqual([500, 'user_test'])
  })

  it('in not starting without a key', async () => {
    const build: Build = async ({ clerkPlugin }, app) => {
      await app.register(clerkPlugin, {})
      app.get('/', () => 'started')
    }
    expect(await compare(build)).toEqual([500, 'CLERK_PUBLISHABLE_KEY is missing'])
  })

  it('in letting pending sessions in where a route asks for them', async () => {
    const build: Build = async ({ clerkPlugin, getAuth }, app) => {
      await app.register(clerkPlugin, keys)
      app.get('/', (request) => getAuth(request, { treatPendingAsSignedOut: false }).userId ?? 'nobody')
    }
    const request = { headers: { authorization: `Bearer ${tokens.pending}` } }
    expect(await compare(build, request)).toEqual(['nobody', 'user_test'])
  })

  // Theirs throws where nobody can catch it, which ends the process.
  it('in living with a plugin that has request.auth already, and with itself', async () => {
    const decorated: Build = async (adapter, app) => {
      app.decorateRequest('auth', null)
      await answerAuth(adapter, app)
    }
    expect(await ask(ours, decorated, { headers })).toBe('user_test')
    const twice: Build = async (adapter, app) => {
      await app.register(adapter.clerkPlugin, keys)
      await app.register(async (part) => answerAuth(adapter, part))
    }
    expect(await ask(ours, twice, { headers })).toBe('user_test')
  })

  it('in trusting no request.auth', async () => {
    const forge: Build = async (adapter, app) => {
      await app.register(adapter.clerkPlugin, { ...keys, hookName: 'onRequest' })
      app.addHook(
        'preHandler',
        async (request) => void Object.assign(request, { auth: { tokenType: 'session_token', userId: 'user_forged' } }),
      )
      app.get('/', (request) => adapter.getAuth(request).userId ?? 'nobody')
    }
    expect(await compare(forge)).toEqual(['user_forged', 'nobody'])
  })

  it('in what it handles: paths that resolve to nothing, and hosts that are none', async () => {
    expect(await compare(answerAuth, { url: '//', headers })).toEqual([400, 'user_test'])
    const proxied: Build = async ({ clerkPlugin, getAuth }, app) => {
      await app.register(clerkPlugin, { ...keys, frontendApiProxy: { enabled: true } })
      app.get('/', (request) => getAuth(request).userId)
    }
    expect(await compare(proxied, { headers: { ...headers, host: 'not a host' } })).toEqual([400, 'user_test'])
  })

  it('in asking the API that the environment names', async () => {
    vi.stubEnv('CLERK_API_URL', 'http://latchkey.test')
    const build: Build = async ({ clerkPlugin }, app) => {
      await app.register(clerkPlugin, keys)
      app.get('/', async (request) => {
        const asked: string[] = []
        vi.stubGlobal('fetch', async (url: URL | string) => {
          asked.push(new URL(url).host)
          return Response.json({})
        })
        await request.clerk.users.getCount()
        return asked
      })
    }
    expect(await compare(build)).toEqual(['["api.clerk.com"]', '["latchkey.test"]'])
  })

  it('in passing bodies on to the Frontend API in preHandler too', async () => {
    const build: Build = async ({ clerkPlugin }, app) =>
      app.register(clerkPlugin, { ...keys, frontendApiProxy: { enabled: true } }).then(() => undefined)
    const passed = await compare(build, { url: '/__clerk/v1/sign_ins', method: 'POST', payload: { a: 1 } })
    // Newer versions of Node take the body that the official one passes on.
    const official = process.versions.node.startsWith('20.') ? 400 : 'passed on'
    expect(passed).toEqual([official, 'passed on'])
  })
})
