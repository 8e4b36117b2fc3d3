import { sql } from 'kysely'
import { Rows, rowsOfInstance, type Owner } from '../../storage/rows.js'
import type { EventRow } from './envelope.js'
import { webhookAttempts, type AttemptRecord } from './webhooks.table.js'

/** Which attempts to list. */
export interface AttemptFilter {
  endpointId?: string | undefined
  eventId?: string | undefined
  succeeded?: boolean | undefined
  /** The first digit of the receiver's status: 2 for 200 to 299. 0 if no answer came. */
  statusClass?: number | undefined
  eventTypes?: readonly string[] | undefined
  /** Unix milliseconds. */
  before?: number | undefined
  after?: number | undefined
}

export interface MessageFilter {
  eventTypes?: readonly string[] | undefined
  /** Unix milliseconds. */
  before?: number | undefined
  after?: number | undefined
}

/** A row of `events` with its place in the list. */
export type MessageRow = EventRow & { sequence: number }

const MESSAGE_COLUMNS = [
  'id',
  'sequence',
  'instance_id',
  'type',
  'payload',
  'cause',
  'created_at',
  'expires_at',
] as const

/** What was sent, and what came of it: for people who look for a lost event. */
export class WebhookHistory {
  readonly #attempts: Rows<typeof webhookAttempts>

  constructor(private readonly owner: Owner) {
    this.#attempts = new Rows(webhookAttempts, owner)
  }

  /** Newest first. @param from the last one of the page before */
  async attempts(filter: AttemptFilter, limit: number, from: AttemptPosition | undefined): Promise<AttemptRecord[]> {
    const { endpointId, eventId, succeeded, statusClass, eventTypes, before, after } = filter
    let query = this.#attempts
      .select()
      .selectAll()
      .$if(endpointId !== undefined, (q) => q.where('endpoint_id', '=', endpointId!))
      .$if(eventId !== undefined, (q) => q.where('event_id', '=', eventId!))
      .$if(succeeded !== undefined, (q) => q.where('succeeded', '=', succeeded ? 1 : 0))
      .$if(before !== undefined, (q) => q.where('created_at', '<', before!))
      .$if(after !== undefined, (q) => q.where('created_at', '>', after!))
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
    if (statusClass === 0) query = query.where('response_status', 'is', null)
    else if (statusClass !== undefined) {
      query = query
        .where('response_status', '>=', statusClass * 100)
        .where('response_status', '<', (statusClass + 1) * 100)
    }
    if (eventTypes) {
      query = query.where('event_id', 'in', (eb) =>
        eb
          .selectFrom('events')
          .select('events.id')
          .where('events.instance_id', '=', this.owner.instanceId)
          .where('events.type', 'in', [...eventTypes]),
      )
    }
    if (from) query = query.where((eb) => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(from.createdAt, from.id)))
    return (await query.execute()).map((row) => webhookAttempts.decode(row))
  }

  /** Newest first. @param before the sequence of the last one of the page before */
  async messages(filter: MessageFilter, limit: number, from: number | undefined): Promise<MessageRow[]> {
    const { eventTypes, before, after } = filter
    return rowsOfInstance('events', this.owner)
      .select(MESSAGE_COLUMNS)
      .$if(eventTypes !== undefined, (q) => q.where('type', 'in', [...eventTypes!]))
      .$if(before !== undefined, (q) => q.where('created_at', '<', before!))
      .$if(after !== undefined, (q) => q.where('created_at', '>', after!))
      .$if(from !== undefined, (q) => q.where('sequence', '<', from!))
      .orderBy('sequence', 'desc')
      .limit(limit)
      .execute()
  }

  /** By event id; what was removed is missing. */
  async messagesOf(eventIds: readonly string[]): Promise<Map<string, MessageRow>> {
    if (eventIds.length === 0) return new Map()
    const rows = await rowsOfInstance('events', this.owner)
      .select(MESSAGE_COLUMNS)
      .where('id', 'in', [...eventIds])
      .execute()
    return new Map(rows.map((row) => [row.id, row]))
  }

  async message(eventId: string): Promise<MessageRow | undefined> {
    return rowsOfInstance('events', this.owner).select(MESSAGE_COLUMNS).where('id', '=', eventId).executeTakeFirst()
  }

  /** How many deliveries to the endpoint are in each state. */
  async statistics(
    endpointId: string,
  ): Promise<Record<'succeeded' | 'failed' | 'canceled' | 'pending' | 'sending', number>> {
    const { rows } = await sql<{ status: string; sending: number; count: number }>`
      select status, case when leased_until is null then 0 else 1 end as sending, count(*) as count
      from webhook_deliveries where instance_id = ${this.owner.instanceId} and endpoint_id = ${endpointId}
      group by 1, 2`.execute(this.owner.database.read)
    const counts = { succeeded: 0, failed: 0, canceled: 0, pending: 0, sending: 0 }
    for (const { status, sending, count } of rows) {
      if (status === 'succeeded' || status === 'failed' || status === 'canceled') counts[status] += Number(count)
      else if (Number(sending) === 1) counts.sending += Number(count)
      else counts.pending += Number(count)
    }
    return counts
  }
}

export type AttemptPosition = Pick<AttemptRecord, 'createdAt' | 'id'>
