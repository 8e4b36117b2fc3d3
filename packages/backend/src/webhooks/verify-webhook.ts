import type { WebhookEvent } from '@latchkey/types'
import { readEnvironment } from '../internal/environment.js'
import { readRequest } from './read-body.js'
import { importSecret, isSignedBy, signedContent, WebhookVerificationError } from './signatures.js'

/** How far the timestamp of a delivery may be from our clock, in seconds. */
const DEFAULT_TOLERANCE = 5 * 60

export interface VerifyWebhookOptions {
  /** `whsec_…`. Default is the environment's `CLERK_WEBHOOK_SIGNING_SECRET`. */
  signingSecret?: string
  /** How far the timestamp of a delivery may be in the past or in the future, in seconds. Default five minutes. */
  tolerance?: number
}

/** A delivery in a framework without web `Request`s. The body must be the raw one, not parsed and serialized again. */
export interface RawWebhook {
  headers: Record<string, string | string[] | undefined>
  body: string | Uint8Array
}

/**
 * Verifies a webhook (Standard Webhooks, with `svix-*` or `webhook-*` headers) and returns its event.
 *
 * @throws {WebhookVerificationError} with a code: answer 400.
 * @see https://clerk.com/docs/guides/development/webhooks/syncing
 */
export async function verifyWebhook(
  request: Request | RawWebhook,
  options: VerifyWebhookOptions = {},
): Promise<WebhookEvent> {
  const secret = options.signingSecret ?? readEnvironment('CLERK_WEBHOOK_SIGNING_SECRET')
  if (!secret)
    throw new WebhookVerificationError(
      'secret_missing',
      'Missing webhook signing secret. Pass signingSecret, or set CLERK_WEBHOOK_SIGNING_SECRET.',
    )
  const { id, timestamp, signature } = readHeaders(request)
  const seconds = readTimestamp(timestamp, options.tolerance ?? DEFAULT_TOLERANCE)
  const body = await readBody(request)
  if (!(await isSignedBy(await importSecret(secret), signedContent(id, seconds, body), signature))) {
    throw new WebhookVerificationError(
      'signature_invalid',
      'The webhook has no valid signature. Check the signing secret, and that the body is the raw one.',
    )
  }
  return toEvent(body)
}

interface DeliveryHeaders {
  id: string
  timestamp: string
  signature: string
}

/**
 * All three headers must be of one family; no sender mixes them. Both families may be present if they name the same
 * delivery. Otherwise an attacker could replay a recorded delivery with a new id in the other, unsigned family.
 */
function readHeaders(request: Request | RawWebhook): DeliveryHeaders {
  const families = ['svix', 'webhook'].map((family) =>
    ['id', 'timestamp', 'signature'].map((name) => headerOf(request, `${family}-${name}`)),
  )
  const [svixId, webhookId] = families.map(([id]) => id)
  if (svixId && webhookId && svixId !== webhookId)
    throw new WebhookVerificationError(
      'headers_conflicting',
      'The headers svix-id and webhook-id name different deliveries.',
    )
  for (const [id, timestamp, signature] of families)
    if (id && timestamp && signature) return { id, timestamp, signature }
  throw new WebhookVerificationError(
    'headers_missing',
    'Missing required webhook headers: svix-id, svix-timestamp and svix-signature, or webhook-id, webhook-timestamp and webhook-signature.',
  )
}

function headerOf({ headers }: Request | RawWebhook, name: string): string | undefined {
  if (headers instanceof Headers || typeof headers.get === 'function') return (headers as Headers).get(name)?.trim()
  const entry = Object.entries(headers).find(([key]) => key.toLowerCase() === name)
  return [entry?.[1]].flat()[0]?.trim()
}

/** The whole seconds of the timestamp, which are what is signed: some senders add a fraction. */
function readTimestamp(text: string, tolerance: number): string {
  const [, seconds] = /^(\d{1,12})(?:\.\d{1,9})?$/.exec(text) ?? []
  if (seconds === undefined)
    throw new WebhookVerificationError('timestamp_invalid', 'The timestamp of the webhook is not a number of seconds.')
  const age = Date.now() / 1000 - Number(seconds)
  // Written so that a tolerance that is not a number, for example one read from the environment, refuses every webhook.
  if (!(age <= tolerance))
    throw new WebhookVerificationError(
      'timestamp_too_old',
      'The webhook is too old: it may have been recorded and sent again.',
    )
  if (age < -tolerance)
    throw new WebhookVerificationError(
      'timestamp_in_future',
      'The timestamp of the webhook is in the future. Check the clock of this machine.',
    )
  return seconds
}

async function readBody(request: Request | RawWebhook): Promise<Uint8Array> {
  if (request.body instanceof ReadableStream && !(request as Request).bodyUsed) return readRequest(request as Request)
  if ('arrayBuffer' in request) return new Uint8Array(await request.arrayBuffer())
  const { body } = request as RawWebhook
  if (typeof body === 'string') return new TextEncoder().encode(body)
  if (body instanceof Uint8Array) return body
  throw new WebhookVerificationError(
    'body_unreadable',
    'The body of the webhook must be text or bytes: a parsed body cannot be verified.',
  )
}

function toEvent(body: Uint8Array): WebhookEvent {
  try {
    const { type, data, event_attributes, timestamp, instance_id } = JSON.parse(
      new TextDecoder().decode(body),
    ) as WebhookEvent
    return { type, object: 'event', data, event_attributes, timestamp, instance_id } as WebhookEvent
  } catch (cause) {
    throw new WebhookVerificationError('body_unreadable', 'The body of the webhook is not JSON.', { cause })
  }
}
