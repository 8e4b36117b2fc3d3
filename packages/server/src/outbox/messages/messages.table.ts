import type { Metadata } from '../../kernel/metadata.js'
import { integer, json, nullable, sequence, table, text, word } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

/** `handed_over`: the application delivers it itself, told by the event. */
export type MessageStatus = 'queued' | 'delivered' | 'failed' | 'handed_over'

interface Mailbox {
  address: string
  /** Empty for none. */
  name: string
}

/** What only mail has that an application wrote itself. */
export interface Letter {
  from: Mailbox
  /** Of the recipient. Empty for none. */
  toName: string
  replyTo?: Mailbox
  /** Beside HTML, for programs that do not show that. */
  text?: string
  cc: string[]
  bcc: string[]
  headers: Record<string, string>
  /** `content` is base64. */
  attachments: { filename: string; content: string }[]
}

/** Mail and text messages: written with the change that causes them, sent afterwards. */
export const messages = table(
  'messages',
  { noun: 'message', prefix: 'ema', primaryKey: 'sequence' },
  {
    sequence,
    channel: word<'email' | 'sms'>(),
    /** Of a text message that is no SMS. */
    phoneChannel: nullable(word<'whatsapp'>()),
    status: word<MessageStatus>(),
    /** The kind of message, such as `verification_code`. Null for a message that an application wrote itself. */
    slug: nullable(text),
    fromName: nullable(text),
    /** The sender's name that mail programs show: that of the application. Null for text messages. */
    senderName: nullable(text),
    replyToName: nullable(text),
    toAddress: text,
    subject: nullable(text),
    /** HTML or text of mail, the text of a text message. */
    body: text,
    /** The text part of mail. Null for text messages. */
    bodyPlain: nullable(text),
    /** BCP 47. Null where it is not known. */
    language: nullable(text),
    /** The values that filled the template. */
    data: nullable(json<Metadata>()),
    userId: nullable(text),
    identificationId: nullable(text),
    /** Attempts to send it, including the current one. */
    attempts: integer,
    /** While it is queued: not before this. */
    nextAttemptAt: nullable(integer),
    /** The error of the last attempt, without secrets. */
    lastError: nullable(text),
    deliveredAt: nullable(integer),
    /** When its code expires. Null for a message without a code, and once the code is removed. */
    expiresAt: nullable(integer),
    /** Null for what the server words, and for what is sent to an identification. */
    letter: nullable(json<Letter>()),
    /** The application's own name for it: the same one is sent once. */
    idempotencyKey: nullable(text),
    /** Of the request with that key, SHA-256, hex. */
    requestDigest: nullable(text),
    /** What its code was sent to, to erase it once it is used. Null where there is none. */
    codeFor: nullable(text),
    /** Equal for notices that say the same within a while: only the first is sent. */
    collapseKey: nullable(text),
    /**
     * While it is being sent: from here on another node may claim it. Unix milliseconds by the database's clock, as
     * nodes' differ.
     */
    leasedUntil: nullable(integer),
  },
  {
    messages_idempotency: {
      on: ['instanceId', 'idempotencyKey'],
      unique: true,
      where: 'idempotency_key is not null',
    },
    messages_id: { on: ['id'], unique: true },
    messages_by_created_at: { on: ['instanceId', 'createdAt', 'id'] },
    messages_due: { on: ['channel', 'nextAttemptAt', 'sequence'], where: "status = 'queued'" },
    messages_to_recipient: { on: ['instanceId', 'channel', 'toAddress', 'sequence'], where: "status = 'queued'" },
    messages_with_codes: { on: ['instanceId', 'codeFor'], where: 'code_for is not null' },
    messages_collapsed: { on: ['collapseKey'], unique: true, where: 'collapse_key is not null' },
    messages_expiring: { on: ['expiresAt'], where: 'expires_at is not null' },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    messages: RowOf<typeof messages>
  }
}

export type MessageRecord = Omit<RecordOf<typeof messages>, 'sequence'>
