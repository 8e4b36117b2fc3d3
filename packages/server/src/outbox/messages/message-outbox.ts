import { insertRow } from '../../storage/compiled.js'
import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { eraseEventsOf } from '../events.js'
import { CODE_LIFETIME } from './code-lifetime.js'
import { escapeHtml } from './html.js'
import { messages, type MessageRecord } from './messages.table.js'
import { email, toSMSEventJSON } from './messages.wire.js'

interface MessageOutboxOptions extends Owner {
  /** The sender's name in mail that has no other. */
  fromName(): string
  /** Looks for queued messages. Absent if this server sends no messages. */
  wake: (() => void) | undefined
  /** Throws if no text message may go to the number. */
  checkNumber(number: string): void
}

/** The recipient of a message. */
export interface Recipient {
  /** An e-mail address or a phone number in E.164 form. */
  address: string
  /** The id of the identification with the address. Null if no user has the address yet. */
  identificationId: string | null
  userId: string | null
}

/** The content of a message, without its recipient. */
export interface EmailContent {
  slug: string | null
  /** The part of the sender's address before the `@`. Null for the instance's own. */
  fromName: string | null
  subject: string
  /** HTML. */
  body: string
  data?: Record<string, unknown>
  /** Milliseconds until its code expires. Absent for a message without one. */
  lifetime?: number
}

export interface InvitationContent {
  slug: 'invitation' | 'waitlist_invitation'
  applicationName: string
  /** Where it is accepted. */
  url: string
  expiresInDays: number
  publicMetadata: Record<string, unknown>
}

type Content = Pick<MessageRecord, 'channel' | 'slug' | 'fromName' | 'subject' | 'body'> & {
  data?: Record<string, unknown>
  lifetime?: number
}

/**
 * Writes mail and text messages, and the events about them, into the transaction of the change that causes them. They
 * are sent afterwards.
 */
export class MessageOutbox {
  constructor(private readonly options: MessageOutboxOptions) {}

  async queueEmail(recipient: Recipient, content: EmailContent, tx: Tx): Promise<MessageRecord> {
    const fromName = content.fromName ?? this.options.fromName()
    const message = await this.#queue(recipient, { channel: 'email', ...content, fromName }, tx)
    await tx.emit('email.created', message.id, email.toJSON(message))
    return message
  }

  async queueSms(
    recipient: Recipient,
    content: Omit<EmailContent, 'fromName' | 'subject'>,
    tx: Tx,
  ): Promise<MessageRecord> {
    this.options.checkNumber(recipient.address)
    const message = await this.#queue(recipient, { channel: 'sms', ...content, fromName: null, subject: null }, tx)
    await tx.emit('sms.created', message.id, toSMSEventJSON(message))
    return message
  }

  /** @param code digits, valid for {@link CODE_LIFETIME} */
  async emailCode(recipient: Recipient, code: string, tx: Tx): Promise<void> {
    await this.queueEmail(
      recipient,
      {
        slug: 'verification_code',
        fromName: null,
        subject: `${code} is your verification code`,
        body: `<p>Your verification code is <strong>${code}</strong>. It is valid for ten minutes. If you did not ask for it, ignore this message.</p>`,
        data: { otp_code: code },
        lifetime: CODE_LIFETIME,
      },
      tx,
    )
  }

  /** @param code digits, valid for {@link CODE_LIFETIME} */
  async smsCode(recipient: Recipient, code: string, tx: Tx): Promise<void> {
    const body = `${code} is your verification code. Do not share it with anyone.`
    const content = { slug: 'verification_code', body, data: { otp_code: code }, lifetime: CODE_LIFETIME }
    await this.queueSms(recipient, content, tx)
  }

  async primaryEmailAddressChanged(previous: Recipient, tx: Tx): Promise<void> {
    await this.queueEmail(
      previous,
      {
        slug: 'primary_email_address_changed',
        fromName: null,
        subject: 'Your primary email address has changed',
        body: '<p>The primary email address of your account has changed. If you did not change it, contact the application at once.</p>',
      },
      tx,
    )
  }

  /** For the owner of an address with which somebody tries to sign up once more. */
  async signUpAttempted(owner: Recipient, applicationName: string, tx: Tx): Promise<void> {
    const name = escapeHtml(applicationName)
    await this.queueEmail(
      owner,
      {
        slug: 'sign_up_attempted',
        fromName: null,
        subject: `You already have an account at ${applicationName}`,
        body: `<p>Somebody tried to sign up to ${name} with this address, which already has an account. If it was you, sign in instead. If it was not, there is nothing to do: nobody gained access.</p>`,
        data: { app: { name: applicationName } },
      },
      tx,
    )
  }

  /** @param name of the passkey, as its user chose it */
  async passkeyRemoved(recipient: Recipient, name: string, tx: Tx): Promise<void> {
    await this.queueEmail(
      recipient,
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

  /** A link in it is as good as a code, and goes from the database like one. */
  async invitation(
    recipient: Recipient,
    { slug, applicationName, url, expiresInDays, publicMetadata }: InvitationContent,
    tx: Tx,
  ): Promise<MessageRecord> {
    const name = escapeHtml(applicationName)
    const opening =
      slug === 'invitation' ? `You have been invited to join ${name}.` : `You are off the waitlist of ${name}.`
    const days = expiresInDays === 1 ? 'one day' : `${expiresInDays} days`
    return this.queueEmail(
      recipient,
      {
        slug,
        fromName: null,
        subject: `Your invitation to ${applicationName}`,
        body: `<p>${opening} <a href="${escapeHtml(url)}">Accept the invitation</a>. The link is good for ${days}.</p>`,
        data: {
          action_url: url,
          app: { name: applicationName },
          invitation: { expires_in_days: expiresInDays, public_metadata: publicMetadata },
        },
        lifetime: expiresInDays * 24 * 60 * 60 * 1000,
      },
      tx,
    )
  }

  async waitlistConfirmation(recipient: Recipient, applicationName: string, tx: Tx): Promise<void> {
    await this.queueEmail(
      recipient,
      {
        slug: 'waitlist_confirmation',
        fromName: null,
        subject: `You are on the waitlist of ${applicationName}`,
        body: `<p>You are on the waitlist of ${escapeHtml(applicationName)}. A mail will tell you when you can join.</p>`,
        data: { app: { name: applicationName } },
      },
      tx,
    )
  }

  /** Deletes a message and the event that told of it: for somebody who asks that nothing is kept of them. */
  async erase(id: string, tx: Tx): Promise<void> {
    await new Rows(messages, this.options).remove(tx).where('id', '=', id).execute()
    await eraseEventsOf(id, this.options, tx)
  }

  async #queue(
    { address, ...recipient }: Recipient,
    { data, lifetime, ...content }: Content,
    tx: Tx,
  ): Promise<MessageRecord> {
    const { instanceId, clock, ids, database, wake } = this.options
    const now = clock.now()
    const record: MessageRecord = {
      ...content,
      ...recipient,
      toAddress: address,
      id: ids.next(content.channel === 'email' ? 'ema' : 'sms'),
      instanceId,
      status: 'queued',
      data: data ?? null,
      attempts: 0,
      nextAttemptAt: now,
      lastError: null,
      deliveredAt: null,
      expiresAt: lifetime === undefined ? null : now + lifetime,
      createdAt: now,
      updatedAt: now,
    }
    await insertRow({ table: messages, record, database, queries: tx.queries })
    if (wake) tx.afterCommit(wake)
    return record
  }
}
