import * as ours from '@latchkey/hono'
import { Hono } from 'hono'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { production, tokens, withApi } from '../hono-fastify.test-support.js'

const official = (await import('@clerk/hono' as string)) as typeof ours
const { publishableKey, secretKey, jwtKey } = production
const keys = { publishableKey, secretKey, jwtKey }
const headers = { authorization: `Bearer ${tokens.session}` }

afterEach(() => {
  vi.unstubAllEnvs()
})

type Build = (adapter: typeof ours) => Hono

const answerAuth =
  (options: object = keys, mounts = 1): Build =>
  ({ clerkMiddleware, getAuth }) => {
    const app = new Hono()
    for (let mount = 0; mount < mounts; mount++) app.use(clerkMiddleware(options))
    app.get('*', (c) => c.text(getAuth(c).userId ?? 'nobody'))
    app.onError((error, c) => c.text(error.message, 500))
    return app
  }

interface Call {
  headers?: Record<string, string>
  bindings?: object
}

async function ask(adapter: typeof ours, build: Build, { headers: sent, bindings }: Call) {
  const { result } = await withApi([{ path: '/jwks', body: production.keySet }], async () =>
    build(adapter).request('/', { headers: sent }, bindings),
  )
  return result
}

/** What both answer: the body, or another status than 200. */
async function compare(build: Build, call: Call): Promise<[official: unknown, ours: unknown]> {
  const answers = [await ask(official, build, call), await ask(ours, build, call)]
  return (await Promise.all(
    answers.map(async (answer) => (answer.status === 200 ? answer.text() : answer.status)),
  )) as [unknown, unknown]
}

/** The table of docs/adapters/hono.md, row by row; that of webhooks is in webhooks.test.ts. */
describe('@latchkey/hono differs from @clerk/hono', () => {
  it('in the scheme of a header, which has no case', async () => {
    expect(await compare(answerAuth(), { headers: { authorization: `bearer ${tokens.session}` } })).toEqual([
      'nobody',
      'user_test',
    ])
  })

  it('in needing no secret key where tokens are verified with another', async () => {
    expect(await compare(answerAuth({ publishableKey, jwtKey }), { headers })).toEqual([500, 'user_test'])
  })

  it('in reading the key of tokens from the environment', async () => {
    vi.stubEnv('CLERK_PUBLISHABLE_KEY', publishableKey)
    vi.stubEnv('CLERK_SECRET_KEY', secretKey)
    vi.stubEnv('CLERK_JWT_KEY', 'none')
    expect(await compare(answerAuth({}), { headers })).toEqual(['user_test', 'nobody'])
  })

  it('in taking bindings on every platform', async () => {
    const bindings = { CLERK_PUBLISHABLE_KEY: publishableKey, CLERK_SECRET_KEY: secretKey }
    expect(await compare(answerAuth({}), { headers, bindings })).toEqual([500, 'user_test'])
  })

  it('in saying each thing once where it is mounted twice', async () => {
    const answers = [await ask(official, answerAuth(keys, 2), {}), await ask(ours, answerAuth(keys, 2), {})]
    expect(answers.map((answer) => answer.headers.get('x-clerk-auth-status'))).toEqual([
      'signed-out, signed-out',
      'signed-out',
    ])
  })

  it('in asking where the Frontend API is with the URL that the browser has', async () => {
    const shop = answerAuth({
      ...keys,
      frontendApiProxy: { enabled: (url: URL) => url.hostname === 'shop.example.com' },
    })
    const call = {
      headers: {
        'x-forwarded-host': 'shop.example.com',
        'x-forwarded-proto': 'https',
        'sec-fetch-dest': 'document',
        cookie: '__client_uat=9',
      },
    }
    const answers = [await ask(official, shop, call), await ask(ours, shop, call)]
    expect(answers.map((answer) => answer.headers.get('location')?.split('?')[0])).toEqual([
      'https://clerk.example.com/v1/client/handshake',
      'https://shop.example.com/__clerk/v1/client/handshake',
    ])
  })
})
