import { sql } from 'kysely'
import type { WebhookEventData, WebhookEventType } from '@latchkey/types'
import { callerId, impersonatorOf, type Caller } from '../kernel/caller.js'
import { insertRow } from '../storage/compiled.js'
import type { Queries } from '../storage/database.js'
import { Rows, type Owner } from '../storage/rows.js'
import type { Tx } from '../storage/tx.js'
import { events, type Cause } from './events.table.js'
import { lineKeyOf } from './webhooks/line-key.js'

/** Writes webhook events into the transaction of the change: both happen, or neither. */
export class EventOutbox {
  constructor(private readonly options: Owner) {}

  /**
   * @param subjectId the row the event is about; lock it first, so that its events are numbered in the order of commits
   * @param payload the `data` of the webhook, as on the wire
   * @param expiresAt when a code or a link in it expires, in Unix milliseconds
   */
  async write<Type extends WebhookEventType>(
    type: Type,
    subjectId: string,
    payload: WebhookEventData<Type>,
    caller: Caller,
    queries: Queries,
    expiresAt: number | null = null,
  ): Promise<void> {
    const { instanceId, clock, ids, database } = this.options
    const record = {
      id: ids.next(events.prefix),
      instanceId,
      type,
      subjectId,
      lineKey: lineKeyOf(type, subjectId, payload),
      payload,
      cause: causeOf(caller),
      createdAt: clock.now(),
      position: null,
      expiresAt,
      erasure: null,
    }
    await insertRow({ table: events, record, database, queries })
  }
}

/**
 * Deletes the events about a row, delivered or not: for somebody who asks that nothing is kept of them. Deliveries under
 * way find no event and are canceled.
 */
export async function eraseEventsOf(subjectId: string, owner: Owner, tx: Tx): Promise<void> {
  await new Rows(events, owner).remove(tx).where('subject_id', '=', subjectId).execute()
}

/** What the events about some rows tell of a code or a link is over: nobody gets it from now on. */
export async function expireEventsOf(subjectIds: readonly string[], owner: Owner, tx: Tx): Promise<void> {
  const now = owner.clock.now()
  await new Rows(events, owner)
    .change(tx)
    .set({ expires_at: now })
    .where('subject_id', 'in', subjectIds)
    // As the index has it, which serves the query only then.
    .where('expires_at', '>', sql.lit(0))
    .where('expires_at', '>', now)
    .execute()
}

/** Contains no secrets. */
export function causeOf(caller: Caller): Cause {
  const { kind, ipAddress, userAgent, traceId } = caller
  return { kind, id: callerId(caller), impersonatorId: impersonatorOf(caller), ipAddress, userAgent, traceId }
}
