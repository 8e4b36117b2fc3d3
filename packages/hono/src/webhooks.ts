import { readWebhookBody } from '@latchkey/backend/internal'
import {
  verifyWebhook as verify,
  WebhookVerificationError,
  type VerifyWebhookOptions,
  type WebhookEvent,
} from '@latchkey/backend/webhooks'
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
async function readBody({ req }: Context): Promise<ArrayBuffer> {
  const isKept = Object.keys(req.bodyCache).length > 0
  if (req.raw.bodyUsed && !isKept) {
    throw new WebhookVerificationError(
      'body_unreadable',
      'The body of the webhook has been read from c.req.raw. Verify it first, or read it with c.req.json() or c.req.text(), which keep it.',
    )
  }
  // As Hono keeps it, but not to an end that is too far.
  if (!isKept) Object.assign(req.bodyCache, { arrayBuffer: readWebhookBody(req.raw).then(({ buffer }) => buffer) })
  return req.arrayBuffer()
}
