import { describe, expect, it } from 'vitest'
import { signWebhook, verifyWebhook } from '@latchkey/nextjs/webhooks'
import { requestTo } from './both-middlewares.test-support.js'

const signingSecret = `whsec_${btoa('a secret for the tests')}`
const event = { type: 'user.created', object: 'event', data: { id: 'user_1', first_name: 'Ädä' } }
const { headers, body } = await signWebhook(event, { signingSecret })

/** A request of an API route, whose body Next has parsed, or left as a stream. */
function apiRequest(parsed: unknown) {
  return { method: 'POST', url: '/api/webhooks', headers, body: parsed } as never
}

describe('verifyWebhook', () => {
  it('takes the request of a route handler', async () => {
    await expect(
      verifyWebhook(requestTo('/api/webhooks', { method: 'POST', headers, body }), { signingSecret }),
    ).resolves.toMatchObject(event)
    await expect(
      verifyWebhook(requestTo('/api/webhooks', { method: 'POST', headers, body: body.replace('user_1', 'user_2') }), {
        signingSecret,
      }),
    ).rejects.toMatchObject({ code: 'signature_invalid' })
  })

  it('takes the request of an API route, its body as text, as bytes, parsed or unread', async () => {
    const stream = Object.assign(
      (async function* () {
        yield Buffer.from(body)
      })(),
      { headers, readableDidRead: false },
    )
    for (const request of [
      apiRequest(body),
      apiRequest(Buffer.from(body)),
      apiRequest(JSON.parse(body)),
      stream as never,
    ]) {
      await expect(verifyWebhook(request, { signingSecret })).resolves.toMatchObject(event)
    }
  })

  it('says how to turn the parser off where what it left is not what was signed', async () => {
    await expect(verifyWebhook(apiRequest({ ...event, more: 1 }), { signingSecret })).rejects.toThrow(
      /bodyParser: false/,
    )
    await expect(verifyWebhook(apiRequest(undefined), { signingSecret })).rejects.toThrow(/bodyParser: false/)
    await expect(verifyWebhook(apiRequest(body), { signingSecret: '' })).rejects.toMatchObject({
      code: 'secret_missing',
    })
  })
})
