import { messages, type MessageRecord } from '../../outbox/messages/messages.table.js'
import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'

export class MessageRows extends Rows<typeof messages> {
  constructor(owner: Owner) {
    super(messages, owner)
  }

  findMessage(id: string): Promise<MessageRecord | undefined> {
    return this.find(id)
  }

  /** The one that was sent with an idempotency key. */
  ofKey(idempotencyKey: string, tx: Tx): Promise<MessageRecord | undefined> {
    return this.findBy({ idempotencyKey }, tx)
  }
}
