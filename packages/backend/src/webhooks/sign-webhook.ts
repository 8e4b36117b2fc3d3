import { importSecret, sign, signedContent } from './signatures.js'

export interface SignWebhookOptions {
  /** `whsec_…`. */
  signingSecret: string
  /** Default `msg_` and a random part. */
  id?: string
  /** Unix seconds. Default is the current time. */
  timestamp?: number
  /** Prefix of the header names. Default `svix`. */
  family?: 'svix' | 'webhook'
}

export interface SignedWebhook {
  headers: Record<string, string>
  /** Must be sent unchanged, byte for byte. */
  body: string
}

/** Signs an event, or a body given as text, as the server does. For tests of an application's webhook handler. */
export async function signWebhook(event: object | string, options: SignWebhookOptions): Promise<SignedWebhook> {
  const {
    signingSecret,
    id = `msg_${crypto.randomUUID().replaceAll('-', '')}`,
    timestamp = Math.floor(Date.now() / 1000),
    family = 'svix',
  } = options
  const body = typeof event === 'string' ? event : JSON.stringify(event)
  const content = signedContent(id, String(timestamp), new TextEncoder().encode(body))
  const signature = await sign(await importSecret(signingSecret), content)
  const headers = {
    [`${family}-id`]: id,
    [`${family}-timestamp`]: String(timestamp),
    [`${family}-signature`]: signature,
  }
  return { headers: { 'content-type': 'application/json', ...headers }, body }
}
