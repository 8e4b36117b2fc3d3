import type { WebhookEventData, WebhookEventType } from '@latchkey/types'
import type { Caller } from '../kernel/caller.js'
import type { Queries } from './database.js'

/**
 * A transaction of an instance, with its caller. Everything that a service writes, emits and queues in it happens
 * together or not at all. `InstanceContext.transaction` opens one.
 */
export interface Tx {
  readonly queries: Queries
  readonly caller: Caller
  /**
   * Writes a webhook event and the entry of the audit trail that goes with it.
   *
   * @param subjectId the row the event is about. Events of a subject's family are delivered in order: lock it first.
   * @param data the event's `data`, as on the wire
   * @param changed names of the fields that changed, as on the wire
   * @param expiresAt when a code or a link in the data expires, in Unix milliseconds: nobody gets it after that
   */
  emit<Type extends WebhookEventType>(
    type: Type,
    subjectId: string,
    data: WebhookEventData<Type>,
    changed?: readonly string[],
    expiresAt?: number | null,
  ): Promise<void>
  /** Writes an entry of the audit trail for a change that has no webhook event. */
  audit(action: string, subjectId: string, changed?: readonly string[]): Promise<void>
  /**
   * Does once what counts outside the database, however often the transaction's body runs; each run gets its outcome.
   *
   * @param key of what is done; what has another key is another thing
   */
  once<T>(key: string, task: () => Promise<T>): Promise<T>
  /** Runs the task once the transaction is durable. Not at all if it is rolled back. */
  afterCommit(task: () => void): void
}
