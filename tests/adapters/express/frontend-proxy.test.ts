import { createTestInstance } from '@latchkey/backend/testing'
import { clerkMiddleware, getAuth, type ClerkMiddlewareOptions } from '@latchkey/express'
import type { NextFunction, Request, Response } from 'express'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  adapters,
  expressVersions,
  listen,
  quietly,
  visit,
  type Adapter,
  type RunningApp,
} from './apps.test-support.js'

const instance = await createTestInstance({ type: 'production' })
const keys: ClerkMiddlewareOptions = {
  publishableKey: instance.publishableKey,
  secretKey: instance.secretKey,
  jwtKey: instance.jwtKey,
}

interface Passed {
  request: string
  headers: Record<string, unknown>
  body: string
}

/** A Frontend API that notes what it is asked. */
async function startFrontendApi(passed: Passed[]): Promise<RunningApp> {
  return listen((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      passed.push({
        request: `${request.method} ${request.url}`,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      })
      if (request.url === '/v1/broken') {
        response.writeHead(200, { 'content-length': 100 })
        response.write('half')
        setTimeout(() => response.destroy(), 10)
        return
      }
      response.writeHead(
        request.url === '/v1/empty' ? 204 : 200,
        [
          ['content-type', 'application/json'],
          ['set-cookie', '__client=1; HttpOnly'],
          ['set-cookie', '__client_uat=2'],
        ].flat(),
      )
      response.end(request.url === '/v1/empty' ? undefined : JSON.stringify({ big: 'x'.repeat(200_000) }))
    })
  })
}

describe.each(expressVersions)('the Frontend API behind %s', (_version, express) => {
  let passed: Passed[]
  const apps: RunningApp[] = []

  beforeEach(async () => {
    passed = []
    const frontendApi = await startFrontendApi(passed)
    apps.push(frontendApi)
    vi.stubEnv('CLERK_FAPI_URL', frontendApi.url)
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    for (const app of apps.splice(0)) await app.close()
  })

  async function start(
    frontendApiProxy: ClerkMiddlewareOptions['frontendApiProxy'],
    adapter: Pick<Adapter, 'clerkMiddleware' | 'getAuth'> = { clerkMiddleware, getAuth },
    errors: unknown[] = [],
  ): Promise<RunningApp> {
    const app = quietly(express()).use(adapter.clerkMiddleware({ ...keys, frontendApiProxy }))
    app.use((request, response) => void response.json({ userId: adapter.getAuth(request).userId }))
    app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
      errors.push(error)
      response.destroy()
    })
    const running = await listen(app)
    apps.push(running)
    return running
  }

  it('gets what browsers send, and they its answers, as with the official package', async () => {
    const outcomes = []
    for (const adapter of [adapters.official, adapters.ours]) {
      const app = await start({ enabled: true }, adapter)
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': '7',
        'x-forwarded-for': '192.0.2.1',
      }
      const {
        status,
        text,
        headers: sent,
      } = await visit(app, {
        path: '/__clerk/v1/client?_method=PATCH',
        method: 'POST',
        headers,
        cookies: { __client: 'x' },
        body: 'a=b&c=d',
      })
      const { request, headers: got, body } = passed.pop()!
      const { host: _host, 'user-agent': _agent, ...compared } = got
      outcomes.push({ status, text, type: sent['content-type'], request, compared, body })
    }
    expect(outcomes[1]).toEqual(outcomes[0])
    expect(outcomes[1]).toMatchObject({
      request: 'POST /v1/client?_method=PATCH',
      body: 'a=b&c=d',
      compared: {
        cookie: '__client=x',
        'clerk-secret-key': instance.secretKey,
        'clerk-proxy-url': 'http://app.example.com/__clerk',
        'x-forwarded-for': '192.0.2.1',
      },
    })
  })

  it('can set several cookies', async () => {
    const { headers } = await visit(await start({ enabled: true }), { path: '/__clerk/v1/client' })
    expect(headers['set-cookie']).toEqual(['__client=1; HttpOnly', '__client_uat=2'])
  })

  it('is where the options say, and nowhere else', async () => {
    const elsewhere = await start({ enabled: true, path: '/auth/' })
    expect((await visit(elsewhere, { path: '/auth/v1/empty' })).status).toBe(204)
    for (const path of ['/__clerk/v1/client', '/authority/v1/client', '/x/../authx'])
      expect((await visit(elsewhere, { path })).text).toBe('{"userId":null}')
    const onOneDomain = await start({ enabled: ({ hostname }) => hostname === 'app.example.com' })
    expect((await visit(onOneDomain, { path: '/__clerk/v1/empty' })).status).toBe(204)
    expect(
      (await visit(onOneDomain, { path: '/__clerk/v1/empty', headers: { host: 'other.example.com' } })).status,
    ).toBe(200)
    expect((await visit(await start({ enabled: false }), { path: '/__clerk/v1/empty' })).status).toBe(200)
    expect(passed.map(({ request }) => request)).toEqual(['GET /v1/empty', 'GET /v1/empty'])
  })

  it('is not asked with a method that cannot be passed on', async () => {
    expect((await visit(await start({ enabled: true }), { path: '/__clerk/v1/client', method: 'TRACE' })).status).toBe(
      400,
    )
    expect(passed).toEqual([])
  })

  it('may break off: so does the answer, and there is nothing left for the error handler', async () => {
    const errors: unknown[] = []
    const app = await start({ enabled: true }, undefined, errors)
    await expect(visit(app, { path: '/__clerk/v1/broken' })).rejects.toThrow(/aborted|hang up|ECONNRESET/)
    expect((await visit(app)).text).toBe('{"userId":null}')
    expect(errors).toEqual([])
  })

  it('may be down: the answer says so', async () => {
    vi.stubEnv('CLERK_FAPI_URL', 'http://127.0.0.1:1')
    const { status, text } = await visit(await start({ enabled: true }), { path: '/__clerk/v1/client' })
    expect([status, JSON.parse(text)]).toMatchObject([502, { errors: [{ code: 'proxy_request_failed' }] }])
  })
})
