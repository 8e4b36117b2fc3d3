import {
  bare,
  boolean,
  integer,
  json,
  nullable,
  reference,
  sealed,
  sealedInside,
  table,
  text,
  word,
} from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

/** The numbered events of an instance, as a cursor reads them. */
export const eventStreams = bare(
  'event_streams',
  {
    instanceId: reference('instances'),
    /** Names this history: a cursor of another one, such as the one before a restore, is refused. */
    history: text,
    /** The position of the newest numbered event; 0 before the first. */
    lastPosition: integer,
    /** Events up to here may have been removed after the retention. */
    removedThrough: integer,
  },
  { primaryKey: ['instanceId'] },
)

/**
 * How long the events of a line wait behind one that fails: through the first three attempts, until it is given up, or
 * not at all.
 */
export type Ordering = 'default' | 'strict' | 'none'

/** Who made an endpoint: an operator may name private addresses, somebody with a link to the page may not. */
export type EndpointTrust = 'operator' | 'portal'

/** A secret that still signs beside the newest one. */
export interface OldSecret {
  /** Sealed. */
  secret: string
  /** Unix milliseconds. */
  expiresAt: number
}

export const webhookEndpoints = table(
  'webhook_endpoints',
  { noun: 'endpoint', prefix: 'ep' },
  {
    /** The application's own name for it. */
    uid: nullable(text),
    url: text,
    description: text,
    disabled: boolean,
    /** Null for all. */
    eventTypes: nullable(json<string[]>()),
    /** Stored and answered; no event has channels. */
    channels: nullable(json<string[]>()),
    /** Attempts a second. Null for no limit. */
    throttleRate: nullable(integer),
    metadata: json<Record<string, string>>(),
    /** Sealed JSON of names and values: values may be passwords. */
    headers: nullable(sealed),
    ordering: word<Ordering>(),
    trust: word<EndpointTrust>(),
    secret: sealed,
    oldSecrets: sealedInside<OldSecret[]>(),
    /** When the first attempt failed since the last success. */
    failingSince: nullable(integer),
    /** Events given up since the last success. */
    exhausted: integer,
    /** When operators were told that it fails. */
    warnedAt: nullable(integer),
  },
  {
    webhook_endpoints_uid: { on: ['instanceId', 'uid'], unique: true, where: 'uid is not null' },
    webhook_endpoints_instance: { on: ['instanceId', 'createdAt', 'id'] },
    webhook_endpoints_enabled: { on: ['id'], where: 'disabled = 0' },
  },
)

export type DeliveryStatus = 'pending' | 'succeeded' | 'failed' | 'canceled'

/**
 * One event on its way to one endpoint. The pending ones of an endpoint and a subject family form a line: only its head
 * has a time to be sent at.
 */
export const webhookDeliveries = table(
  'webhook_deliveries',
  { noun: 'delivery', prefix: 'dlv', immutable: true },
  {
    endpointId: reference('webhook_endpoints'),
    eventId: text,
    /** The subject family: events of one are delivered in order. */
    lineKey: text,
    /** Of the event. */
    position: integer,
    status: word<DeliveryStatus>(),
    /** Finished attempts. */
    attempts: integer,
    /** When to send it, by a node's clock. Null while it waits in its line, and when it is over. */
    dueAt: nullable(integer),
    /** While it is being sent: from here on another node may claim it. By the database's clock. */
    leasedUntil: nullable(integer),
    /** How often it was claimed: an attempt whose lease was lost settles nothing. */
    claims: integer,
    /** The line has gone on without it, or it never stood in one. */
    released: boolean,
    /** Somebody asked for it again. */
    manual: boolean,
  },
  {
    webhook_deliveries_event: { on: ['eventId', 'endpointId'], unique: true },
    webhook_deliveries_due: { on: ['endpointId', 'dueAt', 'position'], where: 'due_at is not null' },
    webhook_deliveries_line: { on: ['endpointId', 'lineKey', 'position'], where: "status = 'pending'" },
    webhook_deliveries_endpoint: { on: ['endpointId', 'position'] },
  },
)

/** What came of each attempt. The request is not kept: it follows from the event. */
export const webhookAttempts = table(
  'webhook_attempts',
  { noun: 'attempt', prefix: 'atmpt', immutable: true },
  {
    endpointId: reference('webhook_endpoints'),
    eventId: text,
    url: text,
    succeeded: boolean,
    manual: boolean,
    /** Null if no answer came. */
    responseStatus: nullable(integer),
    /** The beginning of the answer. Without an answer, the reason. */
    response: text,
    /** Milliseconds. */
    duration: integer,
  },
  {
    webhook_attempts_endpoint: { on: ['endpointId', 'createdAt', 'id'] },
    webhook_attempts_event: { on: ['eventId', 'createdAt', 'id'] },
    webhook_attempts_expiring: { on: ['createdAt'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    event_streams: RowOf<typeof eventStreams>
    webhook_endpoints: RowOf<typeof webhookEndpoints>
    webhook_deliveries: RowOf<typeof webhookDeliveries>
    webhook_attempts: RowOf<typeof webhookAttempts>
  }
}

export type EventStreamRecord = RecordOf<typeof eventStreams>
export type EndpointRecord = RecordOf<typeof webhookEndpoints>
export type DeliveryRecord = RecordOf<typeof webhookDeliveries>
export type AttemptRecord = RecordOf<typeof webhookAttempts>
