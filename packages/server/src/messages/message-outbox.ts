import type { Clock, Ids } from '../runtime.js'
import type { Queries } from '../storage/database.js'
import { messages, type EmailAddressRecord, type MessageRecord, type PhoneNumberRecord } from '../storage/tables.js'

interface MessageOutboxOptions {
  instanceId: string
  clock: Clock
  ids: Ids
}

/** What a message is about, beside whom it goes to. */
export interface EmailContent {
  slug: string | null
  /** The part of the sender's address before the `@`. */
  fromName: string | null
  subject: string
  body: string
  data?: Record<string, unknown>
}

/** Writes mail and SMS into the transaction of the change that causes them; sending follows. */
export class MessageOutbox {
  constructor(private readonly options: MessageOutboxOptions) {}

  async queueEmail(emailAddress: EmailAddressRecord, content: EmailContent, tx: Queries): Promise<MessageRecord> {
    return this.#queue({ channel: 'email', toAddress: emailAddress.emailAddress, identificationId: emailAddress.id, userId: emailAddress.userId, ...content, data: content.data ?? null }, tx)
  }

  async queueSms(phoneNumber: PhoneNumberRecord, { slug, body, data }: Pick<EmailContent, 'slug' | 'body' | 'data'>, tx: Queries): Promise<MessageRecord> {
    return this.#queue(
      { channel: 'sms', toAddress: phoneNumber.phoneNumber, identificationId: phoneNumber.id, userId: phoneNumber.userId, slug, fromName: null, subject: null, body, data: data ?? null },
      tx,
    )
  }

  async primaryEmailAddressChanged(previous: EmailAddressRecord, tx: Queries): Promise<void> {
    await this.queueEmail(
      previous,
      {
        slug: 'primary_email_address_changed',
        fromName: null,
        subject: 'Your primary email address has changed',
        body: 'The primary email address of your account is now another one. If you did not change it, contact the application at once.',
      },
      tx,
    )
  }

  async #queue(message: Pick<MessageRecord, 'channel' | 'toAddress' | 'identificationId' | 'userId' | 'slug' | 'fromName' | 'subject' | 'body' | 'data'>, tx: Queries): Promise<MessageRecord> {
    const { instanceId, clock, ids } = this.options
    const now = clock.now()
    const record: MessageRecord = { ...message, id: ids.next(message.channel === 'email' ? 'ema' : 'sms'), instanceId, status: 'queued', createdAt: now, updatedAt: now }
    await tx.insertInto('messages').values(messages.encode(record) as never).execute()
    return record
  }
}
