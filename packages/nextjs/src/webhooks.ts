import { verifyNodeWebhook } from '@latchkey/backend/internal'
import {
  verifyWebhook as verifyWebRequest,
  type VerifyWebhookOptions,
  type WebhookEvent,
} from '@latchkey/backend/webhooks'
import type { RequestLike } from './request-like.js'

export * from '@latchkey/backend/webhooks'

const MEND = 'Turn the parser off in the API route: export const config = { api: { bodyParser: false } }.'

/**
 * Verifies a webhook in a route handler or an API route, and returns its event. In an API route, turn the parser off
 * (`export const config = { api: { bodyParser: false } }`). Otherwise the parsed body is serialized again, which gives
 * the signed bytes only if the sender writes JSON as `JSON.stringify` does.
 *
 * @throws {WebhookVerificationError} with a code: answer 400.
 */
export async function verifyWebhook(
  request: RequestLike | Request,
  options?: VerifyWebhookOptions,
): Promise<WebhookEvent> {
  return isWebRequest(request) ? verifyWebRequest(request, options) : verifyNodeWebhook(request, options, MEND)
}

function isWebRequest(request: RequestLike | Request): request is Request {
  return typeof request.headers.get === 'function'
}
