import type { Clock, Ids } from '../runtime.js'
import type { Queries } from '../storage/database.js'
import { events } from '../storage/tables.js'

/** The webhook events that this server writes so far. */
export type EventType =
  | 'user.created'
  | 'user.updated'
  | 'user.deleted'
  | 'session.created'
  | 'session.ended'
  | 'session.removed'
  | 'session.revoked'
  | 'session.pending'
  | 'email.created'
  | 'sms.created'

/** Writes an event into the transaction of the change it tells of: both happen, or neither. */
export class EventOutbox {
  readonly #options: { instanceId: string; clock: Clock; ids: Ids }

  constructor(options: { instanceId: string; clock: Clock; ids: Ids }) {
    this.#options = options
  }

  /**
   * @param subjectId the row the event is about; events of one subject are delivered in order
   * @param payload the `data` of the webhook, as on the wire
   */
  async emit(type: EventType, subjectId: string, payload: unknown, tx: Queries): Promise<void> {
    const { instanceId, clock, ids } = this.#options
    const row = events.encode({
      id: ids.next('evt'),
      instanceId,
      type,
      subjectId,
      payload,
      createdAt: clock.now(),
      deliveredAt: null,
    })
    await tx
      .insertInto('events')
      .values(row as never)
      .execute()
  }
}
