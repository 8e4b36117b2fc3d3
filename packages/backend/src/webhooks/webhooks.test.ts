import { verifyWebhook as verifyOfficially } from '@clerk/backend/webhooks'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { signWebhook, verifyWebhook, type SignWebhookOptions } from '../webhooks.js'

const signingSecret = `whsec_${btoa('a secret of twenty-four bytes')}`
const otherSecret = `whsec_${btoa('another secret of this length')}`
const event = {
  type: 'user.deleted',
  object: 'event',
  data: { id: 'user_1', object: 'user', deleted: true, name: 'Ada Ünal' },
  event_attributes: { http_request: { client_ip: '127.0.0.1', user_agent: 'x' } },
  timestamp: 1_800_000_000_000,
  instance_id: 'ins_1',
}

const signed = (options: Partial<SignWebhookOptions> = {}, body: object | string = event) =>
  signWebhook(body, { signingSecret, ...options })
const toRequest = (headers: Record<string, string>, body: string) =>
  new Request('http://localhost/webhooks', { method: 'POST', headers, body })
const now = () => Math.floor(Date.now() / 1000)

const { headers: good, body } = await signed()
const mixed = await signed({ family: 'webhook' })
const cases: [name: string, headers: Record<string, string>, body: string, code: string][] = [
  [
    'without a signature',
    { 'svix-id': good['svix-id']!, 'svix-timestamp': good['svix-timestamp']! },
    body,
    'headers_missing',
  ],
  [
    'with headers of two families',
    { 'svix-id': good['svix-id']!, ...mixed.headers, 'webhook-id': '' },
    body,
    'headers_missing',
  ],
  ['with another secret', (await signed({ signingSecret: otherSecret })).headers, body, 'signature_invalid'],
  ['with another body', good, body.replace('user_1', 'user_2'), 'signature_invalid'],
  ['re-encoded', good, JSON.stringify(event, null, 2), 'signature_invalid'],
  ['with escaped letters', good, body.replace('Ü', '\\u00dc'), 'signature_invalid'],
  ['with another id', { ...good, 'svix-id': 'msg_2' }, body, 'signature_invalid'],
  [
    'with another time',
    { ...good, 'svix-timestamp': String(Number(good['svix-timestamp']) - 1) },
    body,
    'signature_invalid',
  ],
  ['of the past', (await signed({ timestamp: now() - 400 })).headers, body, 'timestamp_too_old'],
  ['of the future', (await signed({ timestamp: now() + 400 })).headers, body, 'timestamp_in_future'],
  ['with a time that ends in a dot', { ...good, 'svix-timestamp': '1.' }, body, 'timestamp_invalid'],
  ['with a time that is none', { ...good, 'svix-timestamp': '1e9' }, body, 'timestamp_invalid'],
  ['with a signature that is no base64', { ...good, 'svix-signature': 'v1,%%%' }, body, 'signature_invalid'],
  [
    'with a signature of another version',
    { ...good, 'svix-signature': good['svix-signature']!.replace('v1,', 'v2,') },
    body,
    'signature_invalid',
  ],
  ['with an empty signature', { ...good, 'svix-signature': 'v1,' }, body, 'signature_invalid'],
]

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe('webhooks', () => {
  it('are verified as @clerk/backend does', async () => {
    const { headers, body } = await signed()
    const ours = await verifyWebhook(toRequest(headers, body), { signingSecret })
    expect(ours).toEqual(await verifyOfficially(toRequest(headers, body), { signingSecret }))
    expect(ours).toEqual(event)
  })

  it.each(['.5', '.123456789'])('may name a fraction of a second: %s', async (fraction) => {
    const { headers, body } = await signed()
    const request = () => toRequest({ ...headers, 'svix-timestamp': `${headers['svix-timestamp']}${fraction}` }, body)
    const ours = await verifyWebhook(request(), { signingSecret: ` ${signingSecret}\n` })
    expect(ours).toEqual(await verifyOfficially(request(), { signingSecret }))
  })

  it('are hashed once, however many signatures somebody sends', async () => {
    const { headers, body } = await signed()
    const [sign, verify] = [vi.spyOn(crypto.subtle, 'sign'), vi.spyOn(crypto.subtle, 'verify')]
    const signatures = `${'v1,AAAA '.repeat(1000)}${headers['svix-signature']}`
    expect(
      await verifyWebhook(toRequest({ ...headers, 'svix-signature': signatures }, body), { signingSecret }),
    ).toEqual(event)
    expect(sign.mock.calls.length + verify.mock.calls.length).toBe(1)
  })

  it('are signed as Standard Webhooks says', async () => {
    const { headers, body } = await signed({ family: 'webhook', id: 'msg_1' })
    expect(new Webhook(signingSecret).verify(body, headers)).toEqual(event)
    expect(headers).toMatchObject({ 'webhook-id': 'msg_1', 'content-type': 'application/json' })
  })

  it('are taken with the names of the standard, in any case, and without a web Request', async () => {
    const { headers, body } = await signed({ family: 'webhook' })
    const shouted = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]))
    await expect(
      verifyWebhook({ headers: shouted, body: new TextEncoder().encode(body) }, { signingSecret }),
    ).resolves.toEqual(event)
    await expect(verifyWebhook(toRequest(headers, body), { signingSecret })).resolves.toEqual(event)
  })

  it('may have several signatures, while a secret is rotated', async () => {
    const timestamp = now()
    const { headers, body } = await signed({ id: 'msg_1', timestamp })
    const old = await signed({ id: 'msg_1', timestamp, signingSecret: otherSecret })
    const signatures = `v1a,AAAA ${old.headers['svix-signature']} ${headers['svix-signature']}`
    await expect(
      verifyWebhook(toRequest({ ...headers, 'svix-signature': signatures }, body), { signingSecret }),
    ).resolves.toEqual(event)
  })

  it('find their secret in the environment', async () => {
    vi.stubEnv('CLERK_WEBHOOK_SIGNING_SECRET', signingSecret)
    const { headers, body } = await signed()
    await expect(verifyWebhook(toRequest(headers, body))).resolves.toEqual(event)
  })

  it.each([{}, { 'content-length': '2000000' }])(
    'are not read to an end that is too far: nobody has proved anything yet, with %j',
    async (announced) => {
      let chunks = 0
      const endless = new ReadableStream({
        pull(controller) {
          controller.enqueue(new Uint8Array(64 * 1024))
          if (++chunks === 1000) controller.close()
        },
      })
      const request = new Request('http://localhost/webhooks', {
        method: 'POST',
        headers: { ...good, ...announced },
        body: endless,
        duplex: 'half',
      } as RequestInit)
      await expect(verifyWebhook(request, { signingSecret })).rejects.toMatchObject({ code: 'body_unreadable' })
      expect(chunks).toBeLessThan(20)
    },
  )

  it('are refused when somebody has read them before', async () => {
    const request = toRequest(good, body)
    await request.text()
    await expect(verifyWebhook(request, { signingSecret })).rejects.toThrow(TypeError)
  })

  it.each(cases)('are refused %s', async (_, headers, text, code) => {
    await expect(verifyWebhook(toRequest(headers, text), { signingSecret })).rejects.toMatchObject({ code })
    await expect(verifyOfficially(toRequest(headers, text), { signingSecret })).rejects.toThrow()
  })

  it('are too old for a tolerance that is no number', async () => {
    await expect(verifyWebhook(toRequest(good, body), { signingSecret, tolerance: Number('x') })).rejects.toMatchObject(
      { code: 'timestamp_too_old' },
    )
  })

  it('cannot be sent again under an id that nobody signed, in the headers of the other family', async () => {
    const { headers, body } = await signed({ id: 'msg_1', family: 'webhook' })
    const withSvixId = (id: string) => verifyWebhook(toRequest({ ...headers, 'svix-id': id }, body), { signingSecret })
    await expect(withSvixId('msg_2')).rejects.toMatchObject({ code: 'headers_conflicting' })
    await expect(withSvixId('msg_1')).resolves.toEqual(event)
  })

  it('are refused when what is signed is no JSON, or the secret is missing or none', async () => {
    const text = await signed({}, 'x')
    await expect(verifyWebhook(toRequest(text.headers, 'x'), { signingSecret })).rejects.toMatchObject({
      code: 'body_unreadable',
    })
    await expect(verifyWebhook(toRequest(good, body))).rejects.toMatchObject({ code: 'secret_missing' })
    await expect(verifyWebhook(toRequest(good, body), { signingSecret: 'whsec_' })).rejects.toMatchObject({
      code: 'secret_invalid',
    })
    await expect(verifyWebhook({ headers: good, body: event as never }, { signingSecret })).rejects.toMatchObject({
      code: 'body_unreadable',
    })
  })

  it('CVE-2025-53548: accept no improperly signed event', async () => {
    const right = good['svix-signature']!.slice(3)
    for (const forged of [
      right,
      `v1,${right.slice(0, -4)}`,
      `v1,${right}${right}`,
      `v1 ${right}`,
      'v1',
      ',',
      'undefined',
      `v1,${'A'.repeat(44)}`,
    ]) {
      const request = toRequest({ ...good, 'svix-signature': forged }, body)
      await expect(verifyWebhook(request, { signingSecret })).rejects.toMatchObject({ code: 'signature_invalid' })
    }
  })
})
