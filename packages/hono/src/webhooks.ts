import { verifyWebhook as verify, WebhookVerificationError, type VerifyWebhookOptions, type WebhookEvent } from '@latchkey/backend/webhooks'
import type { Context } from 'hono'
import { variableOf } from './environment.js'

export * from '@latchkey/backend/webhooks'

/**
 * Verifies the webhook that a route is called with and returns its event. The body is read as it was sent; the route can
 * still read it afterwards.
 *
 * @param options The signing secret is, by default, `CLERK_WEBHOOK_SIGNING_SECRET` of the bindings or the environment.
 * @throws {WebhookVerificationError} with a code: answer 400.
 */
export async function verifyWebhook(c: Context, options: VerifyWebhookOptions = {}): Promise<WebhookEvent> {
  const signingSecret = options.signingSecret ?? variableOf(c, 'CLERK_WEBHOOK_SIGNING_SECRET')
  const delivery = { headers: c.req.raw.headers, arrayBuffer: () => readBody(c) } as Request
  return verify(delivery, { ...options, signingSecret })
}

/** Bytes, since text would lose what is no UTF-8. What was read with Hono's own methods has been kept. */
async function readBody(c: Context): Promise<ArrayBuffer> {
  if (c.req.raw.bodyUsed && Object.keys(c.req.bodyCache).length === 0) {
    throw new WebhookVerificationError('body_unreadable', 'The body of the webhook has been read from c.req.raw. Verify it first, or read it with c.req.json() or c.req.text(), which keep it.')
  }
  return c.req.arrayBuffer()
}
