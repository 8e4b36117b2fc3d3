import type { WebhookEvent } from '@latchkey/types'
import { readBytes } from '../webhooks/read-body.js'
import { WebhookVerificationError } from '../webhooks/signatures.js'
import { verifyWebhook, type VerifyWebhookOptions } from '../webhooks/verify-webhook.js'
import { verifyParsedWebhook } from './parsed-webhook.js'

/** What is read of a delivery: Node's `IncomingMessage`, and the requests of frameworks, fit. */
export interface NodeWebhook {
  headers: Record<string, string | string[] | undefined>
  /** What a parser made of the body; missing where none has read it. */
  body?: unknown
  /** The bytes of the body, where a parser has kept them. */
  rawBody?: unknown
}

/**
 * Verifies a webhook that came as a request of Node. Its body is what a parser left as text or bytes, or it is read here,
 * where nobody has read it yet. One that was parsed is written again, as {@link verifyParsedWebhook} says.
 *
 * @param mend What to change in this framework when the body has been parsed: one sentence, which ends the error's message.
 * @throws {WebhookVerificationError} with a code: answer 400.
 */
export async function verifyNodeWebhook(
  request: NodeWebhook,
  options: VerifyWebhookOptions | undefined,
  mend: string,
): Promise<WebhookEvent> {
  const { headers } = request
  const kept = [request.rawBody, request.body].find((body) => typeof body === 'string' || body instanceof Uint8Array)
  if (kept !== undefined) return verifyWebhook({ headers, body: kept as string | Uint8Array }, options)
  // A parser that passed the request by can have left an empty object as its body.
  if (isUnread(request))
    return verifyWebhook({ headers, body: await readBytes(request, headers['content-length']?.toString()) }, options)
  if (typeof request.body === 'object' && request.body !== null) return verifyParsedWebhook(request, options, mend)
  throw new WebhookVerificationError(
    'body_unreadable',
    `The body of the webhook has been read, and nobody has kept it. ${mend}`,
  )
}

type Unread = NodeWebhook & AsyncIterable<Uint8Array | string>

function isUnread(request: NodeWebhook): request is Unread {
  return Symbol.asyncIterator in request && (request as { readableDidRead?: boolean }).readableDidRead === false
}
