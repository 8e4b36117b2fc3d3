import { signWebhook } from '@latchkey/backend/testing'

export const signingSecret = `whsec_${btoa('a secret of twenty-four bytes')}`

/** What JSON.stringify() would write otherwise: spaces, an escape, a number with a zero, keys that it sorts. */
export const body =
  '{ "type":"user.created", "object":"event", "data": {"id":"user_1","name":"Ada \\u00dcnal","share":1.0,"10":1,"9":2} }'

export const event = {
  type: 'user.created',
  object: 'event',
  data: { id: 'user_1', name: 'Ada Ünal', share: 1, 9: 2, 10: 1 },
}

export async function sign(text: string = body, options: { timestamp?: number; family?: 'svix' | 'webhook' } = {}) {
  return signWebhook(text, { signingSecret, ...options })
}

const now = () => Math.floor(Date.now() / 1000)

/** Deliveries that nobody may act on, with the code that says why. */
export async function badDeliveries(): Promise<
  { name: string; headers: Record<string, string>; body: string; code: string }[]
> {
  const good = await sign()
  const { 'svix-signature': _signature, ...unsigned } = good.headers
  return [
    { name: 're-encoded', headers: good.headers, body: JSON.stringify(JSON.parse(body)), code: 'signature_invalid' },
    {
      name: 'with spaces elsewhere',
      headers: good.headers,
      body: body.replace('{ "type":', '{"type": '),
      code: 'signature_invalid',
    },
    {
      name: 'with another body',
      headers: good.headers,
      body: body.replace('user_1', 'user_2'),
      code: 'signature_invalid',
    },
    {
      name: 'of the past',
      headers: (await sign(body, { timestamp: now() - 400 })).headers,
      body,
      code: 'timestamp_too_old',
    },
    {
      name: 'of the future',
      headers: (await sign(body, { timestamp: now() + 400 })).headers,
      body,
      code: 'timestamp_in_future',
    },
    { name: 'without a signature', headers: unsigned, body, code: 'headers_missing' },
  ]
}
