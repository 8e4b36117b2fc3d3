import { z } from 'zod'
import { eventTypes } from '../../outbox/webhooks/event-types.js'
import { envelopeOf, messageIdOf } from '../../outbox/webhooks/envelope.js'
import type { EventRow } from '../../outbox/webhooks/envelope.js'
import { withoutCodes } from '../../outbox/event-codes.js'
import type { AttemptRecord, EndpointRecord } from '../../outbox/webhooks/webhooks.table.js'
import { isSensitive, LONGEST_DESCRIPTION, LONGEST_GRACE_PERIOD, UID, WHAT_UID_IS } from './webhook-endpoints.rules.js'

// The wire of Svix's API, which is in camelCase. Its clients of version 1 write `filterTypes` and `rateLimit`, those of
// version 2 `eventTypes` and `throttleRate`: both are read, both are written.

const uid = z.string().regex(UID, WHAT_UID_IS)
const names = z.array(z.string().max(256)).max(64)
const texts = z.record(z.string().max(128), z.string().max(1024))
const rate = z.int().min(1).max(65_535)
const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))

const endpointFields = {
  uid: uid.nullish(),
  description: z.string().max(LONGEST_DESCRIPTION).optional(),
  disabled: z.boolean().optional(),
  filterTypes: names.nullish(),
  eventTypes: names.nullish(),
  channels: names.nullish(),
  rateLimit: rate.nullish(),
  throttleRate: rate.nullish(),
  metadata: texts.optional(),
  /** Of ours: how long a line waits behind an event that fails. */
  ordering: z.enum(['default', 'strict', 'none']).optional(),
  /** Taken, as clients send what they have read. It never changes. */
  version: z.int().optional(),
}

export const endpointIn = z.object({
  url: z.string(),
  ...endpointFields,
  secret: z.string().nullish(),
  headers: texts.nullish(),
})
export const endpointUpdate = z.object({ url: z.string(), ...endpointFields })
export const endpointPatch = z.object({
  url: z.string().optional(),
  ...endpointFields,
  // Svix's own server would replace the secret here, without a time for both.
  secret: z.null('cannot be changed here: rotate it').optional(),
})
export const rotateIn = z.object({
  key: z.string().nullish(),
  gracePeriodSeconds: z.int().min(0).max(LONGEST_GRACE_PERIOD).nullish(),
})
export const headersIn = z.object({ headers: texts })
export const headersPatch = z.object({ headers: texts, deleteHeaders: z.array(z.string()).max(64).optional() })
export const exampleIn = z.object({ eventType: z.string(), exampleIndex: z.int().nullish() })
export const oneTimeTokenIn = z.object({ oneTimeToken: z.string() })
export const recoverIn = z.object({ since: time, until: time.nullish() })

type EndpointFields = z.output<typeof endpointPatch>

/** What was sent under either name. */
export function fromEndpoint(fields: EndpointFields) {
  const { url, uid: name, description, disabled, channels, metadata, ordering } = fields
  const { filterTypes, eventTypes = filterTypes, rateLimit, throttleRate = rateLimit } = fields
  return { url, uid: name, description, disabled, eventTypes, channels, throttleRate, metadata, ordering }
}

/** Everything that is not named is as it is by default. */
export function fromWholeEndpoint({ url, ...fields }: z.output<typeof endpointUpdate>) {
  const {
    uid: name,
    description,
    disabled,
    eventTypes,
    channels,
    throttleRate,
    metadata,
    ordering,
  } = fromEndpoint(fields)
  return {
    url,
    uid: name ?? null,
    description: description ?? '',
    disabled: disabled ?? false,
    eventTypes: eventTypes ?? null,
    channels: channels ?? null,
    throttleRate: throttleRate ?? null,
    metadata: metadata ?? {},
    ordering: ordering ?? 'default',
  } as const
}

export function toEndpointJSON(endpoint: EndpointRecord) {
  const { id, uid: name, url, description, disabled, eventTypes, channels, throttleRate, metadata, ordering } = endpoint
  return {
    id,
    uid: name,
    url,
    version: 1,
    description,
    disabled,
    filterTypes: eventTypes,
    eventTypes,
    channels,
    rateLimit: throttleRate,
    throttleRate,
    metadata,
    ordering,
    createdAt: toRfc3339(endpoint.createdAt),
    updatedAt: toRfc3339(endpoint.updatedAt),
  }
}

/** Without the values that may be secrets. */
export function toHeadersJSON(headers: Record<string, string>) {
  const sensitive = Object.keys(headers).filter(isSensitive)
  return {
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !isSensitive(name))),
    sensitive,
  }
}

/** @param withContent false leaves the receiver's answer out */
export function toAttemptJSON(attempt: AttemptRecord, withContent: boolean) {
  const { id, endpointId, eventId, url, succeeded, manual, responseStatus, response, duration, createdAt } = attempt
  return {
    id,
    msgId: messageIdOf(eventId),
    endpointId,
    url,
    status: succeeded ? 0 : 2,
    statusText: succeeded ? 'success' : 'fail',
    responseStatusCode: responseStatus ?? 0,
    response: withContent ? response : '',
    responseDurationMs: duration,
    triggerType: manual ? 1 : 0,
    timestamp: toRfc3339(createdAt),
  }
}

/**
 * @param now Unix milliseconds: a code that has expired is not shown, though it may not be erased yet
 * @param withContent false leaves the payload out
 */
export function toMessageJSON(event: EventRow, now: number, withContent = true) {
  const expired = event.expires_at !== null && event.expires_at <= now
  const data = expired
    ? JSON.stringify(withoutCodes(JSON.parse(event.payload) as Record<string, unknown>))
    : event.payload
  return {
    id: messageIdOf(event.id),
    eventId: event.id,
    eventType: event.type,
    payload: withContent ? (JSON.parse(envelopeOf({ ...event, payload: data })) as unknown) : {},
    timestamp: toRfc3339(event.created_at),
    channels: null,
    tags: null,
  }
}

export function toRfc3339(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

export function toEventTypeJSON() {
  const never = toRfc3339(0)
  return eventTypes.map(({ name, description }) => ({
    name,
    description,
    archived: false,
    deprecated: false,
    schemas: null,
    createdAt: never,
    updatedAt: never,
  }))
}
