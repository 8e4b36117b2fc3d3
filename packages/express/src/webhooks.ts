import { verifyNodeWebhook } from '@latchkey/backend/internal'
import type { VerifyWebhookOptions, WebhookEvent } from '@latchkey/backend/webhooks'
import type { Request } from 'express'

export * from '@latchkey/backend/webhooks'

const MEND =
  "Give the route the raw body: app.post('/webhooks', express.raw({ type: 'application/json' }), handler), above app.use(express.json())."

/**
 * Verifies a webhook and returns its event. Uses the body from `express.raw()` or `express.text()`, or `req.rawBody`,
 * or reads the body if no parser has run. A body parsed by `express.json()` is serialized again, which gives the signed
 * bytes only if the sender writes JSON as `JSON.stringify` does.
 *
 * @throws {WebhookVerificationError} with a code: answer 400.
 */
export function verifyWebhook(request: Request, options?: VerifyWebhookOptions): Promise<WebhookEvent> {
  return verifyNodeWebhook(request, options, MEND)
}
