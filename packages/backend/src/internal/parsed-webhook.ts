import type { WebhookEvent } from '@latchkey/types'
import { WebhookVerificationError } from '../webhooks/signatures.js'
import { verifyWebhook, type VerifyWebhookOptions } from '../webhooks/verify-webhook.js'

interface ParsedWebhook {
  headers: Record<string, string | string[] | undefined>
  body?: unknown
}

/**
 * Verifies a webhook whose bytes are gone, for frameworks that parse bodies unasked: what was parsed is written again as
 * `JSON.stringify` does it, and so do Clerk and Latchkey when they sign. What others wrote is refused.
 *
 * @param mend What to change in this framework so that the bytes are kept: one sentence, which ends the error's message.
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
