import { verifyNodeWebhook } from '@latchkey/backend/internal'
import { verifyWebhook as verifyWebRequest, WebhookVerificationError, type VerifyWebhookOptions, type WebhookEvent } from '@latchkey/backend/webhooks'
import type { NextApiRequest } from 'next'
import type { RequestLike } from './request-like.js'

export * from '@latchkey/backend/webhooks'

const MEND = 'Turn the parser off in the API route: export const config = { api: { bodyParser: false } }.'

/**
 * Verifies a webhook and returns its event: in a route handler, and in an API route. There the body may have been parsed, if
 * it was sent as `JSON.stringify` writes it, which Clerk and Latchkey do.
 *
 * @throws {WebhookVerificationError} with a code: answer 400.
 */
export async function verifyWebhook(request: RequestLike | Request, options?: VerifyWebhookOptions): Promise<WebhookEvent> {
  if (isWebRequest(request)) return verifyWebRequest(request, options)
  const { body, headers } = request as NextApiRequest
  if (typeof body !== 'object' || body === null || body instanceof Uint8Array) return verifyNodeWebhook(request, options, MEND)
  try {
    return await verifyWebRequest({ headers, body: JSON.stringify(body) }, options)
  } catch (cause) {
    if (!(cause instanceof WebhookVerificationError) || cause.code !== 'signature_invalid') throw cause
    throw new WebhookVerificationError(cause.code, `${cause.message} ${MEND}`, { cause })
  }
}

function isWebRequest(request: RequestLike | Request): request is Request {
  return typeof request.headers.get === 'function'
}
