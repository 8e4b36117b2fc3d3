import * as ours from '@latchkey/hono/webhooks'
import { Hono, type Context } from 'hono'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { badDeliveries, body, event, sign, signingSecret } from '../webhooks-hono-fastify.test-support.js'

const deliveries = await badDeliveries()
const official = (await import('@clerk/hono/webhooks' as string)) as typeof ours

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

/** An application whose route verifies, after what else it does with the request. */
function createApp(before: (c: Context) => unknown = () => undefined, { verifyWebhook } = ours) {
  const app = new Hono()
  app.post('/', async (c) => {
    await before(c)
    const { type, object, data } = await verifyWebhook(c)
    return c.json({ type, object, data })
  })
  app.onError((error, c) =>
    c.json({ code: (error as ours.WebhookVerificationError).code, message: error.message }, 400),
  )
  return app
}

async function deliver(
  app: Hono,
  delivery: { headers: Record<string, string>; body: string | Uint8Array<ArrayBuffer> },
  bindings: object = { CLERK_WEBHOOK_SIGNING_SECRET: signingSecret },
) {
  const response = await app.request('/', { method: 'POST', ...delivery }, bindings)
  return { status: response.status, body: (await response.json()) as { code?: string; message?: string } }
}

describe('verifyWebhook() of @latchkey/hono', () => {
  it('has the names of @clerk/hono, and its answer', async () => {
    expect(Object.keys(ours)).toEqual(expect.arrayContaining(Object.keys(official)))
    vi.stubEnv('CLERK_WEBHOOK_SIGNING_SECRET', signingSecret)
    const delivery = await sign()
    expect(await deliver(createApp(undefined, official), delivery, {})).toEqual({ status: 200, body: event })
    expect(await deliver(createApp(), delivery, {})).toEqual({ status: 200, body: event })
  })

  it('finds the secret in the bindings', async () => {
    expect(await deliver(createApp(), await sign())).toEqual({ status: 200, body: event })
    expect((await deliver(createApp(), await sign(), {})).body.code).toBe('secret_missing')
  })

  it.each(deliveries)('refuses a delivery $name', async ({ headers, body: text, code }) => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    expect(await deliver(createApp(), { headers, body: text })).toMatchObject({ status: 400, body: { code } })
    vi.stubEnv('CLERK_WEBHOOK_SIGNING_SECRET', signingSecret)
    expect((await deliver(createApp(undefined, official), { headers, body: text }, {})).status).toBe(400)
  })

  it.each([
    ['json', (c: Context) => c.req.json()],
    ['text', (c: Context) => c.req.text()],
    ['arrayBuffer', (c: Context) => c.req.arrayBuffer()],
    ['a copy of the request', (c: Context) => c.req.raw.clone().json()],
  ])('verifies what was read before with %s', async (_, read) => {
    expect(await deliver(createApp(read), await sign())).toEqual({ status: 200, body: event })
  })

  it('leaves the body to the route', async () => {
    const app = new Hono().post('/', async (c) => {
      await ours.verifyWebhook(c, { signingSecret })
      return c.json([await c.req.json(), await c.req.text()])
    })
    expect((await deliver(app, await sign())).body).toEqual([JSON.parse(body), body])
  })

  it('reads none to an end that is too far', async () => {
    const delivery = await sign()
    let chunks = 0
    const endless = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(64 * 1024))
        if (++chunks === 1000) controller.close()
      },
    })
    const request = new Request('http://localhost/', {
      method: 'POST',
      headers: delivery.headers,
      body: endless,
      duplex: 'half',
    } as RequestInit)
    const response = await createApp().request(request, undefined, { CLERK_WEBHOOK_SIGNING_SECRET: signingSecret })
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'body_unreadable' }])
    expect(chunks).toBeLessThan(20)
  })

  it('says that the body was read past Hono', async () => {
    const answer = await deliver(
      createApp((c) => c.req.raw.json()),
      await sign(),
    )
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'body_unreadable', message: expect.stringContaining('c.req.json()') },
    })
  })

  it('compares bytes: what is no UTF-8, or begins with a mark, is not mended', async () => {
    const delivery = await sign()
    const marked = Uint8Array.from([0xef, 0xbb, 0xbf, ...Buffer.from(body)])
    for (const bytes of [marked, Uint8Array.from([...Buffer.from(body).subarray(0, -2), 0xff])]) {
      expect(await deliver(createApp(), { ...delivery, body: bytes })).toMatchObject({
        status: 400,
        body: { code: 'signature_invalid' },
      })
    }
    vi.stubEnv('CLERK_WEBHOOK_SIGNING_SECRET', signingSecret)
    expect((await deliver(createApp(undefined, official), { ...delivery, body: marked }, {})).status).toBe(200)
  })

  it('knows the names of the standard, which @clerk/hono does not', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    vi.stubEnv('CLERK_WEBHOOK_SIGNING_SECRET', signingSecret)
    const delivery = await sign(body, { family: 'webhook' })
    expect((await deliver(createApp(undefined, official), delivery, {})).status).toBe(400)
    expect((await deliver(createApp(), delivery, {})).status).toBe(200)
  })
})
