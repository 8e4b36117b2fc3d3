import type { Cause } from '../events.table.js'

/** A row of `events`, as far as the request shows it. */
export interface EventRow {
  id: string
  instance_id: string
  type: string
  /** JSON. */
  payload: string
  /** JSON. */
  cause: string | null
  created_at: number
  /** See `events.table.ts`. */
  expires_at: number | null
}

/** The id that a receiver sees: `msg_` with the letters of the event's. */
export function messageIdOf(eventId: string): string {
  return `msg_${eventId.slice(eventId.indexOf('_') + 1)}`
}

export function eventIdOf(messageId: string): string {
  return messageId.startsWith('msg_') ? `evt_${messageId.slice(4)}` : messageId
}

/** The body of a delivery: the same bytes at every attempt, since the payload is stored as text. */
export function envelopeOf({ type, payload, cause, instance_id, created_at }: EventRow): string {
  const { ipAddress, userAgent } = (cause === null ? {} : JSON.parse(cause)) as Partial<Cause>
  // Both are texts to the official SDK, also if no request caused the event.
  const attributes = { http_request: { client_ip: ipAddress ?? '', user_agent: userAgent ?? '' } }
  return `{"data":${payload},"event_attributes":${JSON.stringify(attributes)},"instance_id":${JSON.stringify(instance_id)},"object":"event","timestamp":${created_at},"type":${JSON.stringify(type)}}`
}
