import { verifyNodeWebhook } from '@latchkey/backend/internal'
import type { VerifyWebhookOptions, WebhookEvent } from '@latchkey/backend/webhooks'
import type { Request } from 'express'

export * from '@latchkey/backend/webhooks'

const MEND =
  "Give the route the raw body: app.post('/webhooks', express.raw({ type: 'application/json' }), handler), above app.use(express.json())."

/**
 * Verifies a webhook and returns its event. Its body is what `express.raw()` or `express.text()` left, `req.rawBody`, or it is
 * read here where no parser has run. What `express.json()` has parsed is written as JSON again, which is what was signed only
 * where the sender writes JSON as `JSON.stringify` does.
 *
 * @throws {WebhookVerificationError} with a code: answer 400.
 */
export function verifyWebhook(request: Request, options?: VerifyWebhookOptions): Promise<WebhookEvent> {
  return verifyNodeWebhook(request, options, MEND)
}
