import { clerkPlugin } from '@latchkey/fastify'
import * as ours from '@latchkey/fastify/webhooks'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { production } from '../hono-fastify.test-support.js'
import { badDeliveries, body, event, sign, signingSecret } from '../webhooks-hono-fastify.test-support.js'

const deliveries = await badDeliveries()
const official = (await import('@clerk/fastify/webhooks' as string)) as typeof ours
const { publishableKey, secretKey, jwtKey } = production

beforeEach(() => {
  vi.stubEnv('CLERK_WEBHOOK_SIGNING_SECRET', signingSecret)
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

function addRoutes(app: FastifyInstance, { verifyWebhook } = ours): FastifyInstance {
  app.post('/webhooks', async (request, reply) => {
    try {
      const { type, object, data } = await verifyWebhook(request)
      return { type, object, data, parsed: request.body }
    } catch (error) {
      return reply
        .code(400)
        .send({ code: (error as ours.WebhookVerificationError).code, message: (error as Error).message })
    }
  })
  app.post('/echo', (request) => request.body)
  return app
}

async function createApp(): Promise<FastifyInstance> {
  const app = Fastify()
  await app.register(ours.webhookPlugin)
  return addRoutes(app)
}

async function deliver(app: FastifyInstance, delivery: { headers: Record<string, string>; body: string }) {
  const { statusCode, body: text } = await app.inject({ method: 'POST', url: '/webhooks', ...delivery })
  return { status: statusCode, body: JSON.parse(text) as Record<string, unknown> }
}

const verified = { status: 200, body: { ...event, parsed: JSON.parse(body) as unknown } }

describe('verifyWebhook() of @latchkey/fastify', () => {
  it('has the names of @clerk/fastify', () => {
    expect(Object.keys(ours)).toEqual(expect.arrayContaining(Object.keys(official)))
  })

  it('keeps no more than a megabyte of what a route reads as a stream, whoever says that it is a webhook', async () => {
    const app = await createApp()
    app.addContentTypeParser('application/octet-stream', async (_request: object, payload: AsyncIterable<Buffer>) => {
      let length = 0
      for await (const chunk of payload) length += chunk.length
      return { length }
    })
    for (const [length, status] of [
      [1000, 200],
      [3_000_000, 400],
    ] as const) {
      const text = JSON.stringify({ ...event, data: 'x'.repeat(length) })
      const { headers } = await sign(text)
      expect(
        await deliver(app, { headers: { ...headers, 'content-type': 'application/octet-stream' }, body: text }),
      ).toMatchObject({ status })
    }
  })

  it('verifies the bytes that came, where @clerk/fastify verifies what it writes itself', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const written = JSON.stringify(JSON.parse(body))
    const theirs = addRoutes(Fastify(), official)
    expect((await deliver(theirs, await sign(written))).status).toBe(200)
    expect((await deliver(theirs, await sign())).status).toBe(400)
    expect((await deliver(theirs, { ...(await sign(written)), body })).status).toBe(200)

    const app = await createApp()
    expect((await deliver(app, await sign(written))).status).toBe(200)
    expect(await deliver(app, await sign())).toEqual(verified)
    expect((await deliver(app, { ...(await sign(written)), body })).body).toMatchObject({ code: 'signature_invalid' })
  })

  it.each(deliveries)('refuses a delivery $name', async ({ headers, body: text, code }) => {
    expect(await deliver(await createApp(), { headers, body: text })).toMatchObject({ status: 400, body: { code } })
  })

  it.each(['onRequest', 'preHandler'] as const)(
    'needs nothing but clerkPlugin, wherever the route is (%s)',
    async (hookName) => {
      const app = addRoutes(Fastify())
      await app.register(clerkPlugin, { publishableKey, secretKey, jwtKey, hookName })
      await app.register(
        async (part) => {
          // Twice, as an application would that forgets that the one does what the other does.
          await part.register(ours.webhookPlugin)
          addRoutes(part)
        },
        { prefix: '/part' },
      )
      expect(await deliver(app, await sign(body, { family: 'webhook' }))).toEqual(verified)
      const delivery = await sign()
      const inPart = await app.inject({ method: 'POST', url: '/part/webhooks', ...delivery })
      expect(inPart.json()).toEqual(verified.body)
    },
  )

  it('takes over sockets, in many pieces, what it takes in process', async () => {
    const app = await createApp()
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    const { headers } = await sign()
    const pieces = new ReadableStream({
      async start(controller) {
        for (const piece of body.match(/.{1,7}/gs)!) {
          controller.enqueue(new TextEncoder().encode(piece))
          await new Promise(setImmediate)
        }
        controller.close()
      },
    })
    const response = await fetch(`${url}/webhooks`, {
      method: 'POST',
      headers,
      body: pieces,
      duplex: 'half',
    } as RequestInit)
    expect(await response.json()).toEqual(verified.body)
    await app.close()
  })

  it('without a plugin does what @clerk/fastify does, and says what would keep the bytes where that is not enough', async () => {
    const app = addRoutes(Fastify())
    expect(await deliver(app, await sign(JSON.stringify(JSON.parse(body))))).toEqual(verified)
    const { status, body: error } = await deliver(app, await sign())
    expect([status, error['code']]).toEqual([400, 'signature_invalid'])
    expect(error['message']).toContain('webhookPlugin of @latchkey/fastify/webhooks')
    for (const { headers, code } of deliveries.slice(3)) {
      expect((await deliver(app, { headers, body })).body['code']).toBe(code)
    }
  })

  it.each(['string', 'buffer'] as const)('takes what a parser of the application left as %s', async (parseAs) => {
    const app = Fastify()
    app.addContentTypeParser('application/json', { parseAs }, (_request, text, done) => done(null, text))
    expect(await deliver(addRoutes(app), await sign())).toMatchObject({ status: 200, body: event })
  })

  it('takes what another plugin kept as request.rawBody', async () => {
    const app = Fastify()
    app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
      Object.assign(request, { rawBody: text })
      done(null, JSON.parse(text as string))
    })
    expect(await deliver(addRoutes(app), await sign())).toEqual(verified)
  })
})

describe('webhookPlugin', () => {
  it('changes nothing for other routes and other requests', async () => {
    const [plain, app] = [addRoutes(Fastify({ bodyLimit: 100 })), Fastify({ bodyLimit: 100 })]
    await app.register(ours.webhookPlugin)
    addRoutes(app)
    const { headers } = await sign()
    const json = { 'content-type': 'application/json' }
    const requests = [
      { headers: json, body: '{ "a": 1 }' },
      { headers, body: '{ "a": 1 }' },
      { headers: json, body: '{' },
      { headers, body: '{' },
      { headers, body: '' },
      { headers, body: JSON.stringify('x'.repeat(100)) },
      { headers: { ...headers, 'content-type': 'text/plain' }, body: 'text' },
      { headers: { ...headers, 'content-type': 'application/x-unknown' }, body: 'text' },
    ]
    for (const request of requests) {
      const [expected, answer] = [
        await plain.inject({ method: 'POST', url: '/echo', ...request }),
        await app.inject({ method: 'POST', url: '/echo', ...request }),
      ]
      expect([answer.statusCode, answer.body]).toEqual([expected.statusCode, expected.body])
    }
  })

  it('keeps the bytes once, in whatever order it is registered', async () => {
    const app = Fastify()
    await app.register(async (part) => {
      await part.register(ours.webhookPlugin)
      addRoutes(part)
    })
    await app.register(ours.webhookPlugin)
    expect(await deliver(app, await sign())).toEqual(verified)
  })

  it('ends what a sender has left', async () => {
    const app = Fastify()
    const failed = new Promise<Error>((resolve) => {
      app.setErrorHandler((error: Error) => resolve(error))
    })
    let hasCome!: () => void
    const came = new Promise<void>((resolve) => (hasCome = resolve))
    app.addHook('onRequest', async () => hasCome())
    await app.register(ours.webhookPlugin)
    addRoutes(app)
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    const { headers } = await sign()
    const broken = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{'))
        void came.then(() => controller.error(new Error('gone')))
      },
    })
    await expect(
      fetch(`${url}/webhooks`, { method: 'POST', headers, body: broken, duplex: 'half' } as RequestInit),
    ).rejects.toThrow()
    expect((await failed).message).toBe('aborted')
    const { headers: good } = await sign()
    expect(await (await fetch(`${url}/webhooks`, { method: 'POST', headers: good, body })).json()).toEqual(
      verified.body,
    )
    await app.close()
  })
})
