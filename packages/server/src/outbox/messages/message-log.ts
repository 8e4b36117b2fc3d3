import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { messages, type MessageRecord } from './messages.table.js'
import { endSuppression } from './suppressed-recipients.js'

/** The messages of an instance, and what became of them. */
export class MessageLog {
  readonly #rows: Rows<typeof messages>

  constructor(private readonly owner: Owner) {
    this.#rows = new Rows(messages, owner)
  }

  /** Newest first. */
  async latest(limit: number, status?: MessageRecord['status']): Promise<MessageRecord[]> {
    const rows = await this.#rows
      .select()
      .selectAll()
      .$if(status !== undefined, (query) => query.where('status', '=', status!))
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
    return rows.map((row) => messages.decode(row))
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  get(id: string): Promise<MessageRecord> {
    return this.#rows.get(id)
  }

  /**
   * Sends a message once more, as one that is written now, also to a recipient to whom nothing is sent any more.
   *
   * @returns undefined if it is queued, if the application delivers it, or if its code is erased
   */
  async resend(id: string, tx: Tx): Promise<MessageRecord | undefined> {
    const now = this.owner.clock.now()
    const again = { status: 'queued', attempts: 0, nextAttemptAt: now, lastError: null, deliveredAt: null } as const
    const row = await this.#rows
      .change(tx)
      .set(messages.encode({ ...again, createdAt: now, updatedAt: now }))
      .where('id', '=', id)
      .where('status', 'in', ['failed', 'delivered'])
      .where('body', '!=', '')
      .returningAll()
      .executeTakeFirst()
    if (!row) return undefined
    const message = messages.decode(row)
    await endSuppression(message, this.owner, tx)
    return message
  }
}
