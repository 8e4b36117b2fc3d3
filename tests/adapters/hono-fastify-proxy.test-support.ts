import { createServer } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { closeServer, listen, type RunningApp, type StartApp } from './hono-fastify-bad-input.test-support.js'
import { production } from './hono-fastify.test-support.js'

const { publishableKey, secretKey, jwtKey } = production

/** What an application passes on of the Frontend API, over sockets on both sides. */
export function describeProxy(starts: Record<string, { start: StartApp; options?: object }>): void {
  describe('the Frontend API behind the application', () => {
    const received: {
      method?: string
      url?: string
      proxyUrl?: unknown
      secretKey?: unknown
      type?: string
      body: string
    }[] = []
    const upstream = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const { method, url, headers } = request
      received.push({
        method,
        url,
        proxyUrl: headers['clerk-proxy-url'],
        secretKey: headers['clerk-secret-key'],
        type: headers['content-type'],
        body: Buffer.concat(chunks).toString(),
      })
      response
        .writeHead(method === 'POST' ? 422 : 200, { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] })
        .end('{"ok":true}')
    })
    let fapiUrl: string
    beforeAll(async () => {
      fapiUrl = await listen(upstream)
    })
    afterAll(() => closeServer(upstream))
    beforeEach(() => void vi.stubEnv('CLERK_FAPI_URL', fapiUrl))

    let app: RunningApp | undefined
    afterEach(async () => {
      vi.unstubAllEnvs()
      received.length = 0
      await app?.close()
      app = undefined
    })

    const names = Object.keys(starts)
    async function open(name: string, frontendApiProxy: object): Promise<string> {
      const { start, options } = starts[name]!
      app = await start({ publishableKey, secretKey, jwtKey, ...options, frontendApiProxy })
      return app.url
    }

    it.each(names)('is passed through: reads and writes, answers and cookies (%s)', async (name) => {
      const url = await open(name, { enabled: true })
      const read = await fetch(`${url}/__clerk/v1/client?a=b&c=%20`)
      expect([read.status, await read.text(), read.headers.getSetCookie()]).toEqual([
        200,
        '{"ok":true}',
        ['a=1', 'b=2'],
      ])
      for (const [type, body] of [
        ['application/x-www-form-urlencoded', 'a=b&c=%20'],
        ['application/json', '{ "a" : 1.0 }'],
      ] as const) {
        const written = await fetch(`${url}/__clerk/v1/client/sign_ins`, {
          method: 'POST',
          body,
          headers: { 'content-type': type },
        })
        expect(written.status).toBe(422)
      }
      const own = { proxyUrl: `${url}/__clerk`, secretKey }
      expect(received).toEqual([
        { method: 'GET', url: '/v1/client?a=b&c=%20', ...own, type: undefined, body: '' },
        {
          method: 'POST',
          url: '/v1/client/sign_ins',
          ...own,
          type: 'application/x-www-form-urlencoded',
          body: 'a=b&c=%20',
        },
        { method: 'POST', url: '/v1/client/sign_ins', ...own, type: 'application/json', body: '{ "a" : 1.0 }' },
      ])
    })

    it.each(names)('is at its path only, and only where it is on (%s)', async (name) => {
      const url = await open(name, { enabled: ({ hostname }: URL) => hostname === '127.0.0.1', path: '/api/clerk/' })
      expect((await fetch(`${url}/api/clerk/v1/environment`)).status).toBe(200)
      for (const path of ['/__clerk/v1', '/api/clerkx', '/x/api/clerk/v1', '/api/clerk/../../public'])
        await fetch(url + path)
      await fetch(`${url}/api/clerk/v1`, { headers: { 'x-forwarded-host': 'other.example.com' } })
      expect(received.map((request) => request.url)).toEqual(['/v1/environment'])
    })

    it.each(names)('is where browsers are sent for a handshake (%s)', async (name) => {
      const url = await open(name, { enabled: true })
      const { status, headers } = await fetch(`${url}/public`, {
        redirect: 'manual',
        headers: { 'sec-fetch-dest': 'document', cookie: '__client_uat=9' },
      })
      expect([status, headers.get('location')?.split('?')[0]]).toEqual([307, `${url}/__clerk/v1/client/handshake`])
    })
  })
}
