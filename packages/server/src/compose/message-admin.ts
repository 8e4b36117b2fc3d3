import type { InstanceContext } from '../instances/instance-context.js'
import { operator } from '../kernel/caller.js'
import { MessageLog } from '../outbox/messages/message-log.js'
import type { MessageRecord, MessageStatus } from '../outbox/messages/messages.table.js'

export interface MessageSummary {
  id: string
  channel: 'email' | 'sms'
  status: MessageStatus
  /** The kind of message. Null for one that an application wrote. */
  slug: string | null
  to: string
  attempts: number
  lastError: string | null
  /** Unix milliseconds. */
  createdAt: number
  deliveredAt: number | null
}

/** A message with what it says: empty once its code is erased. */
export interface MessageText extends MessageSummary {
  language: string | null
  subject: string | null
  body: string
  bodyPlain: string | null
}

/** The operator's view of the messages of an instance. */
export class MessageAdmin {
  readonly #log: MessageLog

  constructor(private readonly context: InstanceContext) {
    this.#log = new MessageLog(context)
  }

  /** Newest first. */
  async list(limit: number, status?: MessageStatus): Promise<MessageSummary[]> {
    return (await this.#log.latest(limit, status)).map(toSummary)
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async show(id: string): Promise<MessageText> {
    const message = await this.#log.get(id)
    const { language, subject, body, bodyPlain } = message
    return { ...toSummary(message), language, subject, body, bodyPlain }
  }

  /**
   * Queues a message once more: a server that sends messages finds it within a second.
   *
   * @returns false if it is queued, if the application delivers it, or if its code is erased
   * @throws {ApiError} 404 `resource_not_found`
   */
  async resend(id: string): Promise<boolean> {
    await this.#log.get(id)
    return this.context.transaction(operator('admin'), async (tx) => {
      const message = await this.#log.resend(id, tx)
      if (!message) return false
      await tx.audit('message.resent', id)
      return true
    })
  }
}

function toSummary(message: MessageRecord): MessageSummary {
  const { id, channel, status, slug, toAddress: to, attempts, lastError, createdAt, deliveredAt } = message
  return { id, channel, status, slug, to, attempts, lastError, createdAt, deliveredAt }
}
