import { connect } from 'node:net'
import { signWebhook, type VerifyWebhookOptions } from '@latchkey/backend/webhooks'
import { verifyWebhook } from '@latchkey/express/webhooks'
import type { RequestHandler } from 'express'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { expressVersions, listen, quietly, visit, type RunningApp } from './apps.test-support.js'

const signingSecret = `whsec_${btoa('a secret of the tests')}`

/** Not as `JSON.stringify` would write it again. */
const event = String.raw`{ "type": "user.created", "object": "event", "data": { "id": "user_1", "first_name": "Zo\u00eb", "score": 1.0 } }`

const apps: RunningApp[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const app of apps.splice(0)) await app.close()
})

describe.each(expressVersions)('a webhook on %s', (_version, express) => {
  async function start(
    parsers: RequestHandler[],
    options: VerifyWebhookOptions | undefined = { signingSecret },
  ): Promise<RunningApp> {
    const receive: RequestHandler = async (request, response) => {
      try {
        const { type, data } = await verifyWebhook(request, options)
        response.json({ type, data })
      } catch (error) {
        const { code, message } = error as { code: string; message: string }
        response.status(400).json({ code, message })
      }
    }
    const app = await listen(quietly(express()).post('/webhooks', ...parsers, receive))
    apps.push(app)
    return app
  }

  async function deliver(
    app: RunningApp,
    { sent = event, headers = {} }: { sent?: string; headers?: Record<string, string> } = {},
  ) {
    const signed = await signWebhook(event, { signingSecret })
    const answer = await visit(app, {
      path: '/webhooks',
      method: 'POST',
      body: sent,
      headers: { ...signed.headers, ...headers },
    })
    return { status: answer.status, body: JSON.parse(answer.text) as Record<string, unknown> }
  }

  const keepRaw = express.json({ verify: (request, _response, bytes) => Object.assign(request, { rawBody: bytes }) })

  it.each<[string, RequestHandler[]]>([
    ['express.raw()', [express.raw({ type: 'application/json' })]],
    ['express.text()', [express.text({ type: '*/*' })]],
    ['express.json() that keeps the bytes', [keepRaw]],
    ['no parser', []],
    [
      'parsers of other content',
      [express.json({ type: 'application/vnd.api+json' }), express.urlencoded({ extended: false })],
    ],
    ['something slow, and no parser', [(_request, _response, next) => void setTimeout(next, 20)]],
  ])('is verified after %s', async (_which, parsers) => {
    expect(await deliver(await start(parsers))).toEqual({
      status: 200,
      body: { type: 'user.created', data: { id: 'user_1', first_name: 'Zoë', score: 1 } },
    })
  })

  it('is verified after express.json() when written again it is the same, else refused with the line that mends it', async () => {
    const app = await start([express.json()])
    const signed = await signWebhook(JSON.stringify(JSON.parse(event)), { signingSecret })
    expect((await visit(app, { path: '/webhooks', method: 'POST', ...signed })).status).toBe(200)
    const { status, body } = await deliver(app)
    expect([status, body['code']]).toEqual([400, 'signature_invalid'])
    expect(body['message']).toContain("app.post('/webhooks', express.raw({ type: 'application/json' }), handler)")
  })

  it('is refused when somebody else has read its body', async () => {
    const drain: RequestHandler = (request, _response, next) => void request.resume().on('end', next)
    expect(await deliver(await start([drain]))).toMatchObject({ status: 400, body: { code: 'body_unreadable' } })
  })

  it('is refused when one byte is another', async () => {
    for (const parsers of [[], [express.raw({ type: 'application/json' })]]) {
      expect(await deliver(await start(parsers), { sent: event.replace('user_1', 'user_2') })).toMatchObject({
        status: 400,
        body: { code: 'signature_invalid' },
      })
      expect(await deliver(await start(parsers), { sent: '' })).toMatchObject({
        status: 400,
        body: { code: 'signature_invalid' },
      })
    }
  })

  it('is refused without its headers, and without a secret', async () => {
    const app = await start([])
    expect(await deliver(app, { headers: { 'svix-signature': '' } })).toMatchObject({
      status: 400,
      body: { code: 'headers_missing' },
    })
    expect(await deliver(await start([], {}))).toMatchObject({ status: 400, body: { code: 'secret_missing' } })
  })

  it('is verified with the secret of the environment', async () => {
    vi.stubEnv('CLERK_WEBHOOK_SIGNING_SECRET', signingSecret)
    expect(await deliver(await start([], undefined))).toMatchObject({ status: 200 })
  })

  it('is refused when its body is too long, whether it says so or not', async () => {
    const app = await start([])
    expect(await deliver(app, { sent: 'x'.repeat(1024 * 1024 + 1) })).toMatchObject({
      status: 400,
      body: { code: 'body_unreadable' },
    })
    const { headers } = await signWebhook(event, { signingSecret })
    const answer = new Promise<string>((resolve) => {
      const socket = connect(app.port, '127.0.0.1')
        .setEncoding('utf8')
        .on('data', resolve)
        .on('error', () => resolve('cut off'))
      const lines = Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')
      socket.write(
        `POST /webhooks HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n${lines}\r\n200000\r\n${'x'.repeat(0x20_00_00)}\r\n`,
      )
    })
    expect(await answer).toMatch(/^cut off$|body_unreadable/)
  })
})
