import { hash } from 'node:crypto'
import { sql } from 'kysely'
import { insertRow } from '../../storage/compiled.js'
import { Rows, rowsOfInstance, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { payloadWithoutCodes } from '../event-codes.js'
import { events, type EventRecord } from '../events.table.js'
import { newDelivery } from './sequencer.js'
import { webhookDeliveries, type DeliveryRecord, type EndpointRecord } from './webhooks.table.js'

/** Deliveries that one call brings back in one transaction. */
export const BROUGHT_AT_ONCE = 1000

interface Since {
  /** Unix milliseconds. */
  since: number
  until: number
  after: number | undefined
}

interface Sent {
  id: string
  type: string
  subject_id: string
  line_key: string | null
  position: number | null
}

/** What one call has brought back. */
export interface Brought {
  count: number
  /** The position of the last one, for the next call; undefined when this call was the last. */
  last: number | undefined
}

/** Sends events again, outside of their lines: whoever asks for it has the order behind them. */
export class Redelivery {
  readonly #deliveries: Rows<typeof webhookDeliveries>

  constructor(private readonly owner: Owner) {
    this.#deliveries = new Rows(webhookDeliveries, owner)
  }

  /** @returns false if there is no such event, or it is not numbered yet and will be sent anyway */
  async resend(endpoint: EndpointRecord, eventId: string, tx: Tx): Promise<boolean> {
    const event = await this.#events(tx).where('id', '=', eventId).executeTakeFirst()
    if (!event || event.position === null) return false
    const { clock } = this.owner
    const again = await this.#deliveries
      .change(tx)
      .set({
        // One that waits for its next attempt keeps its place in the line, and has it now.
        released: sql`case when status = 'pending' then released else 1 end`,
        attempts: sql`case when status = 'pending' then attempts else 0 end`,
        due_at: sql`case when status = 'pending' and due_at is null then null else ${sql.lit(clock.now())} end`,
        status: 'pending',
        manual: 1,
      })
      .where('endpoint_id', '=', endpoint.id)
      .where('event_id', '=', eventId)
      .returning('id')
      .executeTakeFirst()
    if (!again) await this.#add([event], endpoint, tx)
    return true
  }

  /**
   * Brings back what was given up since a time, {@link BROUGHT_AT_ONCE} at most.
   *
   * @param after the position of the last one that the call before has brought
   */
  async recover(endpoint: EndpointRecord, { since, until, after }: Since, tx: Tx): Promise<Brought> {
    const rows = await this.#deliveries
      .change(tx)
      .set(this.#again())
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('webhook_deliveries')
          .select('id')
          .where('endpoint_id', '=', endpoint.id)
          .where('status', '=', 'failed')
          .where('created_at', '>=', since)
          .where('created_at', '<', until)
          .$if(after !== undefined, (query) => query.where('position', '>', after!))
          .orderBy('position')
          .limit(BROUGHT_AT_ONCE),
      )
      .returning('position')
      .execute()
    return brought(rows)
  }

  /**
   * Brings what the endpoint was never sent since a time, such as the events while it was disabled.
   *
   * @param after as in `recover`
   */
  async replayMissing(endpoint: EndpointRecord, { since, until, after = 0 }: Since, tx: Tx): Promise<Brought> {
    const missing = await this.#events(tx)
      .where('position', '>', after)
      .where('created_at', '>=', since)
      .where('created_at', '<', until)
      .$if(endpoint.eventTypes !== null, (query) => query.where('type', 'in', endpoint.eventTypes!))
      .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', this.owner.clock.now())]))
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('webhook_deliveries')
              .select('webhook_deliveries.id')
              .whereRef('webhook_deliveries.event_id', '=', 'events.id')
              .where('webhook_deliveries.endpoint_id', '=', endpoint.id),
          ),
        ),
      )
      .orderBy('position')
      .limit(BROUGHT_AT_ONCE)
      .execute()
    await this.#add(missing, endpoint, tx)
    return brought(missing)
  }

  /**
   * Sends the newest event of a type again, as a new one that only this endpoint gets.
   *
   * @returns the id of the new event; undefined if there is none to copy
   */
  async sendExample(endpoint: EndpointRecord, type: string, tx: Tx): Promise<string | undefined> {
    const { ids, clock, database } = this.owner
    const newest = await rowsOfInstance('events', this.owner, tx)
      .selectAll()
      .where('type', '=', type)
      .where('erasure', 'is', null)
      .orderBy('sequence', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (!newest) return undefined
    const { sequence: _, ...copied } = events.decode(newest)
    const id = ids.next(events.prefix)
    // Below zero, where no cursor comes, and in no other event's place.
    const position = -hash('sha256', id, 'buffer').readUIntBE(0, 6)
    // A code is nothing to try an endpoint with.
    const payload = copied.expiresAt === null ? copied.payload : withoutCodes(copied)
    const record = { ...copied, payload, expiresAt: null, id, createdAt: clock.now(), position }
    await insertRow({ table: events, record, database, queries: tx.queries })
    await this.#add([{ id, type, subject_id: copied.subjectId, line_key: copied.lineKey, position }], endpoint, tx)
    return id
  }

  #events(tx: Tx) {
    return rowsOfInstance('events', this.owner, tx)
      .select(['id', 'type', 'subject_id', 'line_key', 'position'])
      .where('erasure', 'is', null)
  }

  /** As it is before its first attempt. */
  #again() {
    const now = this.owner.clock.now()
    return { status: 'pending' as const, attempts: 0, due_at: now, leased_until: null, released: 1, manual: 0 }
  }

  async #add(found: readonly Sent[], endpoint: EndpointRecord, tx: Tx): Promise<void> {
    if (found.length === 0) return
    const { instanceId, ids, clock } = this.owner
    const now = clock.now()
    const rows = found.map((event): DeliveryRecord => {
      const fields = {
        instanceId,
        endpointId: endpoint.id,
        eventId: event.id,
        lineKey: event.line_key ?? event.subject_id,
        position: Number(event.position),
        dueAt: now,
        released: true,
        manual: true,
        createdAt: now,
      }
      return newDelivery(ids, fields)
    })
    await tx.queries
      .insertInto('webhook_deliveries')
      .values(rows.map((row) => webhookDeliveries.toRow(row)))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

function withoutCodes({ type, payload }: Pick<EventRecord, 'type' | 'payload'>): unknown {
  return JSON.parse(payloadWithoutCodes(type, JSON.stringify(payload)))
}

function brought(rows: readonly { position: number | null }[]): Brought {
  const last = Math.max(...rows.map(({ position }) => Number(position)))
  return { count: rows.length, last: rows.length < BROUGHT_AT_ONCE ? undefined : last }
}
