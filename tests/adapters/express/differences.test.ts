import { readFileSync } from 'node:fs'
import * as official from '@clerk/express'
import * as officialWebhooks from '@clerk/express/webhooks'
import { createTestInstance } from '@latchkey/backend/testing'
import { signWebhook } from '@latchkey/backend/webhooks'
import * as ours from '@latchkey/express'
import * as ourWebhooks from '@latchkey/express/webhooks'
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { adapters, listen, quietly, visit, type Adapter, type RunningApp, type Visit } from './apps.test-support.js'
import { startFakeApi } from './fake-api.test-support.js'

const instance = await createTestInstance({ type: 'production' })
const keys: ours.ClerkMiddlewareOptions = {
  publishableKey: instance.publishableKey,
  secretKey: instance.secretKey,
  jwtKey: instance.jwtKey,
}
const page = { 'sec-fetch-dest': 'document' }
const signedIn = async () => ({ authorization: `Bearer ${await instance.signSessionToken()}` })

const running: { close(): Promise<void> }[] = []
beforeAll(() => {
  vi.stubEnv('CLERK_TELEMETRY_DISABLED', '1')
  for (const method of ['log', 'warn', 'error'] as const) vi.spyOn(console, method).mockImplementation(() => undefined)
})
afterEach(async () => {
  for (const app of running.splice(0)) await app.close()
})
afterAll(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

async function start(...handlers: RequestHandler[]): Promise<RunningApp> {
  const app = quietly(express())
  for (const handler of handlers) app.use(handler)
  app.use(
    (error: Error, _request: Request, response: Response, _next: NextFunction) =>
      void response.status(500).send(error.message),
  )
  const server = await listen(app)
  running.push(server)
  return server
}

const tellUser =
  ({ getAuth }: Adapter): RequestHandler =>
  (request, response) =>
    void response.send(getAuth(request).userId ?? 'nobody')

/** What both answer when they are all there is. */
async function both(options: ours.ClerkMiddlewareOptions, request: Visit): Promise<{ official: string; ours: string }> {
  const answers: string[] = []
  for (const adapter of [adapters.official, adapters.ours]) {
    const { status, text } = await visit(await start(adapter.clerkMiddleware(options), tellUser(adapter)), request)
    answers.push(status === 200 ? text : String(status))
  }
  return { official: answers[0]!, ours: answers[1]! }
}

/** One for each row of the page's table, by its first column. */
const differences: Record<string, () => Promise<void>> = {
  'A webhook whose body was parsed, and was not written as `JSON.stringify` does': async () => {
    const outcomes: unknown[] = []
    for (const text of ['{"type":"user.created","data":{"score":1}}', '{"type":"user.created","data":{"score":1.0}}']) {
      const { headers, body } = await signWebhook(text, { signingSecret: 'whsec_c2VjcmV0' })
      const request = { headers, body: JSON.parse(body) as object, url: '/', method: 'POST' } as unknown as Request
      for (const { verifyWebhook } of [officialWebhooks, ourWebhooks] as (typeof ourWebhooks)[]) {
        outcomes.push(
          await verifyWebhook(request, { signingSecret: 'whsec_c2VjcmV0' }).then(
            ({ type }) => type,
            ({ message }: Error) => message.includes('express.raw('),
          ),
        )
      }
    }
    expect(outcomes).toEqual(['user.created', 'user.created', false, true])
  },

  'A webhook that no parser has read': async () => {
    const signed = await signWebhook({ type: 'user.created', data: {} }, { signingSecret: 'whsec_c2VjcmV0' })
    const answers: number[] = []
    for (const { verifyWebhook } of [officialWebhooks, ourWebhooks] as (typeof ourWebhooks)[]) {
      const receive: RequestHandler = (request, response, next) =>
        void verifyWebhook(request, { signingSecret: 'whsec_c2VjcmV0' }).then(() => response.end(), next)
      answers.push((await visit(await start(receive), { method: 'POST', ...signed })).status)
    }
    expect(answers).toEqual([500, 200])
  },

  '`req.auth` set by somebody else after the middleware': async () => {
    const set: RequestHandler = (request, _response, next) => {
      Object.assign(request, { auth: { sub: 'user_other' } })
      next()
    }
    const answers: string[] = []
    for (const adapter of [adapters.official, adapters.ours]) {
      answers.push(
        (await visit(await start(adapter.clerkMiddleware(keys), set, tellUser(adapter)), { headers: await signedIn() }))
          .text,
      )
    }
    expect(answers).toEqual([expect.stringContaining('should be registered before'), 'user_test'])
  },

  '`Authorization: bearer …`, in lower case': async () => {
    const authorization = (await signedIn()).authorization.replace('Bearer', 'bearer')
    expect(await both(keys, { headers: { authorization } })).toEqual({ official: 'nobody', ours: 'user_test' })
  },

  'The path `//`': async () => {
    expect(await both(keys, { path: '//', headers: await signedIn() })).toEqual({ official: '400', ours: 'user_test' })
  },

  'A `Host` that is none': async () => {
    const options = { ...keys, frontendApiProxy: { enabled: true } }
    expect(await both(options, { headers: { ...(await signedIn()), host: 'not a host' } })).toEqual({
      official: '400',
      ours: 'user_test',
    })
  },

  '`jwtKey` without `secretKey`': async () => {
    const { secretKey: _left, ...others } = keys
    expect(await both(others, { headers: await signedIn() })).toEqual({ official: '500', ours: 'user_test' })
  },

  '`secretKey` among the options, for calls that the middleware makes': async () => {
    const api = await startFakeApi({
      'GET /v1/clients/handshake_payload?nonce=once': { directives: ['__client_uat=0'] },
    })
    running.push(api)
    const asked: (string | undefined)[] = []
    for (const adapter of [adapters.official, adapters.ours]) {
      await visit(await start(adapter.clerkMiddleware({ ...keys, apiUrl: api.url })), {
        path: '/?__clerk_handshake_nonce=once',
        headers: page,
      })
      asked.push(api.takeRequests()[0]?.authorization)
    }
    expect(asked).toEqual([undefined, `Bearer ${instance.secretKey}`])
  },

  'Headers that the application has set before': async () => {
    const set: RequestHandler = (_request, response, next) => {
      response.setHeader('cache-control', 'public')
      next()
    }
    const headers: unknown[] = []
    for (const adapter of [adapters.official, adapters.ours]) {
      const answer = await visit(await start(set, adapter.clerkMiddleware(keys)), {
        headers: page,
        cookies: { __client_uat: '1' },
      })
      headers.push(answer.headers['cache-control'])
    }
    expect(headers).toEqual(['public, no-store', 'no-store'])
  },

  'Several cookies from the proxied Frontend API': async () => {
    const frontendApi = await listen(
      (_request, response) => void response.writeHead(200, ['set-cookie', 'a=1', 'set-cookie', 'b=2']).end(),
    )
    running.push(frontendApi)
    vi.stubEnv('CLERK_FAPI_URL', frontendApi.url)
    const cookies: unknown[] = []
    for (const adapter of [adapters.official, adapters.ours]) {
      const answer = await visit(
        await start(adapter.clerkMiddleware({ ...keys, frontendApiProxy: { enabled: true } })),
        { path: '/__clerk/v1/client' },
      )
      cookies.push(answer.headers['set-cookie'])
    }
    vi.stubEnv('CLERK_FAPI_URL', undefined)
    expect(cookies).toEqual([['b=2'], ['a=1', 'b=2']])
  },

  '`frontendApiProxy.enabled`, behind another proxy': async () => {
    const seen: string[] = []
    const enabled = (url: URL) => Boolean(seen.push(url.origin)) && false
    await both(
      { ...keys, frontendApiProxy: { enabled } },
      { headers: { 'x-forwarded-host': 'shop.example.com', 'x-forwarded-proto': 'https' } },
    )
    expect(new Set(seen)).toEqual(new Set(['http://app.example.com', 'https://shop.example.com']))
    expect(seen.at(-1)).toBe('https://shop.example.com')
  },

  'The environment': async () => {
    const answers: string[][] = []
    for (const adapter of [adapters.official, adapters.ours]) {
      vi.stubEnv('CLERK_JWT_KEY', instance.jwtKey)
      const { jwtKey: _left, ...others } = keys
      const app = await start(adapter.clerkMiddleware(others), tellUser(adapter))
      const before = (await visit(app, { headers: await signedIn() })).text
      vi.stubEnv('CLERK_JWT_KEY', (await createTestInstance()).jwtKey)
      answers.push([before, (await visit(app, { headers: await signedIn() })).text])
    }
    vi.stubEnv('CLERK_JWT_KEY', undefined)
    expect(answers).toEqual([
      ['user_test', 'nobody'],
      ['user_test', 'user_test'],
    ])
  },

  'Warnings on the console': async () => {
    vi.mocked(console.warn).mockClear()
    const middlewares = [official, ours].map(({ requireAuth }) => async () => {
      await visit(await start((requireAuth as typeof ours.requireAuth)(keys)), { headers: await signedIn() })
      return vi.mocked(console.warn).mock.calls.splice(0).length
    })
    vi.stubEnv('NODE_ENV', 'development')
    expect([(await middlewares[0]!()) > 0, (await middlewares[1]!()) > 0]).toEqual([true, false])
    vi.stubEnv('NODE_ENV', undefined)
  },
}

describe('unlike @clerk/express', () => {
  it.each(Object.entries(differences))('%s', (_what, check) => check())

  it('has nothing else in the table of the page', () => {
    const text = readFileSync(new URL('../../../docs/adapters/express.md', import.meta.url), 'utf8')
    const table = /## Differences[^]*?\n\|---.*\n([^]*?)\n\n/.exec(text)![1]!
    expect(table.split('\n').map((row) => row.split(' | ')[0]!.slice(2))).toEqual(Object.keys(differences))
  })
})
