import type { EventOutbox } from '../events/outbox.js'
import { toEmailJSON, toSMSEventJSON } from '../resources/messages/messages.serializer.js'
import { CODE_LIFETIME } from '../resources/verifications/code-lifetime.js'
import type { Clock, Ids } from '../runtime.js'
import type { Queries } from '../storage/database.js'
import { messages, type EmailAddressRecord, type MessageRecord, type PhoneNumberRecord } from '../storage/tables.js'
import { escapeHtml } from './html.js'

interface MessageOutboxOptions {
  instanceId: string
  clock: Clock
  ids: Ids
  events: EventOutbox
  /** The sender's name in mail that has no other. */
  fromName(): string
  /** Told of each transaction that queues a message. Undefined where none is sent. */
  queued: ((tx: Queries) => void) | undefined
}

/** What a message is about, beside whom it goes to. */
export interface EmailContent {
  slug: string | null
  /** The part of the sender's address before the `@`. Null for the instance's own. */
  fromName: string | null
  subject: string
  /** HTML. */
  body: string
  data?: Record<string, unknown>
  /** Milliseconds until the code in it ends. Absent for a message without one. */
  lifetime?: number
}

type Message = Pick<
  MessageRecord,
  'channel' | 'toAddress' | 'identificationId' | 'userId' | 'slug' | 'fromName' | 'subject' | 'body'
>

/** Writes mail and SMS, and the events that tell of them, into the transaction of the change that causes them; sending follows. */
export class MessageOutbox {
  constructor(private readonly options: MessageOutboxOptions) {}

  async queueEmail(
    { id, emailAddress, userId }: EmailAddressRecord,
    content: EmailContent,
    tx: Queries,
  ): Promise<MessageRecord> {
    const fromName = content.fromName ?? this.options.fromName()
    const { slug, subject, body } = content
    const message = await this.#queue(
      { channel: 'email', toAddress: emailAddress, identificationId: id, userId, slug, fromName, subject, body },
      content,
      tx,
    )
    await this.options.events.emit('email.created', message.id, toEmailJSON(message), tx)
    return message
  }

  async queueSms(
    { id, phoneNumber, userId }: PhoneNumberRecord,
    content: Omit<EmailContent, 'fromName' | 'subject'>,
    tx: Queries,
  ): Promise<MessageRecord> {
    const { slug, body } = content
    const message = await this.#queue(
      {
        channel: 'sms',
        toAddress: phoneNumber,
        identificationId: id,
        userId,
        slug,
        fromName: null,
        subject: null,
        body,
      },
      content,
      tx,
    )
    await this.options.events.emit('sms.created', message.id, toSMSEventJSON(message), tx)
    return message
  }

  /** @param code digits; see `verifications.service.ts` for how long they are good */
  async emailCode(emailAddress: EmailAddressRecord, code: string, tx: Queries): Promise<void> {
    await this.queueEmail(
      emailAddress,
      {
        slug: 'verification_code',
        fromName: null,
        subject: `${code} is your verification code`,
        body: `<p>Your verification code is <strong>${code}</strong>. It is good for ten minutes. If you did not ask for it, ignore this message.</p>`,
        data: { otp_code: code },
        lifetime: CODE_LIFETIME,
      },
      tx,
    )
  }

  /** @param code digits; see `verifications.service.ts` for how long they are good */
  async smsCode(phoneNumber: PhoneNumberRecord, code: string, tx: Queries): Promise<void> {
    const body = `${code} is your verification code. Do not share it with anyone.`
    await this.queueSms(
      phoneNumber,
      { slug: 'verification_code', body, data: { otp_code: code }, lifetime: CODE_LIFETIME },
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
        body: '<p>The primary email address of your account is now another one. If you did not change it, contact the application at once.</p>',
      },
      tx,
    )
  }

  /** @param name of the passkey, as its user chose it */
  async passkeyRemoved(emailAddress: EmailAddressRecord, name: string, tx: Queries): Promise<void> {
    await this.queueEmail(
      emailAddress,
      {
        slug: 'passkey_removed',
        fromName: null,
        subject: 'A passkey was removed from your account',
        body: `<p>The passkey "${escapeHtml(name)}" was removed from your account. If you did not expect it, contact the application at once.</p>`,
        data: { passkey_name: name },
      },
      tx,
    )
  }

  async #queue(
    message: Message,
    { data = null, lifetime }: { data?: Record<string, unknown> | null; lifetime?: number },
    tx: Queries,
  ): Promise<MessageRecord> {
    const { instanceId, clock, ids, queued } = this.options
    const now = clock.now()
    const record: MessageRecord = {
      ...message,
      id: ids.next(message.channel === 'email' ? 'ema' : 'sms'),
      instanceId,
      status: 'queued',
      data,
      attempts: 0,
      nextAttemptAt: now,
      lastError: null,
      deliveredAt: null,
      expiresAt: lifetime === undefined ? null : now + lifetime,
      createdAt: now,
      updatedAt: now,
    }
    await tx
      .insertInto('messages')
      .values(messages.encode(record) as never)
      .execute()
    queued?.(tx)
    return record
  }
}
