import type { WebhookEvent } from '@latchkey/types'
import { readBytes } from '../webhooks/read-body.js'
import { WebhookVerificationError } from '../webhooks/signatures.js'
import { verifyWebhook, type VerifyWebhookOptions } from '../webhooks/verify-webhook.js'
import { verifyParsedWebhook } from './parsed-webhook.js'

/** The parts of a delivery that are read. Node's `IncomingMessage` and the requests of frameworks fit. */
export interface NodeWebhook {
  headers: Record<string, string | string[] | undefined>
  /** The parsed body; undefined if no parser has read it. */
  body?: unknown
  /** The bytes of the body, if a parser has kept them. */
  rawBody?: unknown
}

/**
 * Verifies a webhook that arrived as a Node request. Uses the text or bytes that a parser has kept, or reads the body
 * if it is unread. A parsed body is serialized again: see {@link verifyParsedWebhook}.
 *
 * @param mend How to keep the bytes in this framework: one sentence, appended to the error message.
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
  // A parser that skipped the request may have set an empty object as its body.
  if (isUnread(request))
    return verifyWebhook({ headers, body: await readBytes(request, headers['content-length']?.toString()) }, options)
  if (typeof request.body === 'object' && request.body !== null) return verifyParsedWebhook(request, options, mend)
  throw new WebhookVerificationError(
    'body_unreadable',
    `The body of the webhook has already been read, and its bytes were not kept. ${mend}`,
  )
}

type Unread = NodeWebhook & AsyncIterable<Uint8Array | string>

function isUnread(request: NodeWebhook): request is Unread {
  return Symbol.asyncIterator in request && (request as { readableDidRead?: boolean }).readableDidRead === false
}
