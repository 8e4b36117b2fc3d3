import type { Clock, Ids, Random } from '../../kernel/runtime.js'
import { DestinationRefused } from '../../lib/outgoing/destination.js'
import { PostTimeout, type GuardedPoster, type PostAnswer } from '../../lib/outgoing/guarded-post.js'
import type { Vault } from '../../lib/secrets/vault.js'
import { repeatsCode } from '../event-codes.js'
import { envelopeOf, messageIdOf, type EventRow } from './envelope.js'
import { ATTEMPTS_IN_LINE, nextDelay, parseRetryAfter, type WebhookSchedule } from './schedule.js'
import { signedHeaders } from './signing.js'
import type { Outcome } from './webhook-store.js'
import { webhookAttempts, type DeliveryRecord, type EndpointRecord } from './webhooks.table.js'

const GONE = 410
const OVERLOADED = new Set([429, 503])
const LONGEST_REASON = 500

export interface AttemptOptions {
  poster: GuardedPoster
  vault: Vault
  clock: Clock
  ids: Ids
  random: Random
  schedule: WebhookSchedule
  /** URLs of this server, which nothing is sent to. */
  ownUrls(): readonly string[]
  version: string
}

/** An outcome, and what it says about the endpoint. */
export interface AttemptResult {
  outcome: Outcome
  succeeded: boolean
  /** The event is given up. */
  exhausted: boolean
  /** The receiver wants no more events. */
  disables: boolean
}

interface Sent {
  answer: PostAnswer | undefined
  reason: string
  timedOut: boolean
}

/** Sends an event to an endpoint once, and says what follows. */
export async function attempt(
  { delivery, event }: { delivery: DeliveryRecord; event: EventRow },
  endpoint: EndpointRecord,
  options: AttemptOptions,
): Promise<AttemptResult> {
  const { clock, ids } = options
  const started = performance.now()
  const createdAt = clock.now()
  const { answer, reason, timedOut } = await send(event, endpoint, options)
  const succeeded = answer !== undefined && answer.status >= 200 && answer.status < 300
  const record = {
    id: ids.next(webhookAttempts.prefix),
    instanceId: delivery.instanceId,
    endpointId: endpoint.id,
    eventId: delivery.eventId,
    url: endpoint.url,
    succeeded,
    manual: delivery.manual,
    responseStatus: answer?.status ?? null,
    response: answer ? keptOf(answer, event) : reason,
    duration: Math.round(performance.now() - started),
    createdAt,
  }
  const outcome = { delivery, counts: true, attempt: record }
  const settled = { ...outcome, dueAt: null, released: true }
  const wish = wishOf(answer)
  const disables = !succeeded && (answer?.status === GONE || wish === 'disable')
  if (succeeded) return { outcome: { ...settled, status: 'succeeded' }, succeeded, exhausted: false, disables }
  if (wish === 'abort-message')
    return { outcome: { ...settled, status: 'failed' }, succeeded, exhausted: false, disables }
  const attempts = delivery.attempts + 1
  const failure = {
    overloaded: timedOut || OVERLOADED.has(answer?.status ?? 0),
    retryAfter: parseRetryAfter(answer?.headers['retry-after'], clock.now()),
  }
  const delay = nextDelay(attempts, failure, options.schedule, fraction(options.random))
  if (delay === undefined) return { outcome: { ...settled, status: 'failed' }, succeeded, exhausted: true, disables }
  const released = delivery.released || (endpoint.ordering === 'default' && attempts >= ATTEMPTS_IN_LINE)
  return {
    outcome: { ...outcome, status: 'pending', dueAt: clock.now() + delay, released },
    succeeded,
    exhausted: false,
    disables,
  }
}

/** Never rejects: whatever goes wrong is the result. */
async function send(
  event: EventRow,
  endpoint: EndpointRecord,
  { poster, vault, clock, schedule, ownUrls, version }: AttemptOptions,
): Promise<Sent> {
  try {
    const now = clock.now()
    const body = envelopeOf(event)
    const custom = endpoint.headers === null ? {} : (JSON.parse(vault.open(endpoint.headers)) as Record<string, string>)
    const answer = await poster.post({
      url: endpoint.url,
      headers: {
        ...custom,
        'content-type': 'application/json',
        'user-agent': `Latchkey-Webhooks/${version}`,
        ...signedHeaders(messageIdOf(event.id), Math.floor(now / 1000), body, secretsOf(endpoint, vault, now)),
      },
      body,
      rules: { allowPrivate: endpoint.trust === 'operator', self: ownUrls() },
      timeout: schedule.timeout,
      group: endpoint.id,
    })
    return { answer, reason: '', timedOut: false }
  } catch (error) {
    return { answer: undefined, reason: reasonOf(error), timedOut: error instanceof PostTimeout }
  }
}

/** The secrets that sign now, the newest first. */
export function secretsOf({ secret, oldSecrets }: EndpointRecord, vault: Vault, now: number): string[] {
  const old = oldSecrets.filter(({ expiresAt }) => expiresAt > now)
  return [secret, ...old.map((entry) => entry.secret)].map((sealed) => vault.open(sealed))
}

/** What a receiver asks for beside success or failure, in the header of Svix. */
function wishOf(answer: PostAnswer | undefined): string | undefined {
  const header = answer?.headers['webhook-delivery']
  return (Array.isArray(header) ? header[0] : header)?.trim().toLowerCase()
}

function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException
  if (error instanceof DestinationRefused || error instanceof PostTimeout) return message
  return storable([code, message].filter(Boolean).join(': ')).slice(0, LONGEST_REASON)
}

/** What is kept of an answer: it must not keep a code that the event itself loses when it is used, or expires. */
function keptOf({ text }: PostAnswer, { expires_at: expiresAt, payload }: EventRow): string {
  const repeats = expiresAt !== null && repeatsCode(text, payload)
  return repeats ? 'The answer is not kept: it repeats the code or the link of the event' : storable(text)
}

/** PostgreSQL stores no NUL in a text. */
function storable(text: string): string {
  return text.replaceAll('\0', '')
}

function fraction(random: Random): number {
  const [high, low] = random.bytes(2) as unknown as [number, number]
  return (high * 256 + low) / 65_535
}
