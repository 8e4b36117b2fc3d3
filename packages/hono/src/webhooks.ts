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
 * Verifies the webhook that a route receives and returns its event. Reads the raw body; the route can still read it
 * afterwards.
 *
 * @param options `signingSecret` defaults to `CLERK_WEBHOOK_SIGNING_SECRET` of the bindings or the environment.
 * @throws {WebhookVerificationError} with a code: answer 400.
 */
export async function verifyWebhook(c: Context, options: VerifyWebhookOptions = {}): Promise<WebhookEvent> {
  const signingSecret = options.signingSecret ?? variableOf(c, 'CLERK_WEBHOOK_SIGNING_SECRET')
  const delivery = { headers: c.req.raw.headers, arrayBuffer: () => readBody(c) } as Request
  return verify(delivery, { ...options, signingSecret })
}

/**
 * Reads bytes, because text would lose anything that is not UTF-8. Hono caches a body that was read with its own
 * methods.
 */
async function readBody({ req }: Context): Promise<ArrayBuffer> {
  const isKept = Object.keys(req.bodyCache).length > 0
  if (req.raw.bodyUsed && !isKept) {
    throw new WebhookVerificationError(
      'body_unreadable',
      'The body of the webhook has already been read from c.req.raw. Verify the webhook first, or read the body with c.req.json() or c.req.text(), which keep it.',
    )
  }
  // Fills Hono's own cache, but stops reading at the size limit.
  if (!isKept) Object.assign(req.bodyCache, { arrayBuffer: readWebhookBody(req.raw).then(({ buffer }) => buffer) })
  return req.arrayBuffer()
}
