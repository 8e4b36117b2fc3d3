import type { WebhookEvent } from '@latchkey/types'
import { WebhookVerificationError } from '../webhooks/signatures.js'
import { verifyWebhook, type VerifyWebhookOptions } from '../webhooks/verify-webhook.js'

interface ParsedWebhook {
  headers: Record<string, string | string[] | undefined>
  body?: unknown
}

/**
 * Verifies a webhook whose bytes are gone, for frameworks that parse every body. The parsed body is serialized again
 * with `JSON.stringify`, which gives the signed bytes, because Clerk and Latchkey sign what `JSON.stringify` writes. A
 * body that was serialized differently is refused.
 *
 * @param mend How to keep the bytes in this framework: one sentence, appended to the error message.
 * @throws {WebhookVerificationError} with a code: answer 400.
 */
export async function verifyParsedWebhook(
  { headers, body }: ParsedWebhook,
  options: VerifyWebhookOptions | undefined,
  mend: string,
): Promise<WebhookEvent> {
  try {
    return await verifyWebhook({ headers, body: JSON.stringify(body) ?? '' }, options)
  } catch (cause) {
    if (!(cause instanceof WebhookVerificationError) || cause.code !== 'signature_invalid') throw cause
    throw new WebhookVerificationError(cause.code, `${cause.message} ${mend}`, { cause })
  }
}
