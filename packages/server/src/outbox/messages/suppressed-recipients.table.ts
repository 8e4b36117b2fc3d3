import { integer, table, text, word } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'
import type { MessageRecord } from './messages.table.js'

/** Addresses and numbers that a mail server or a gateway has refused for good: nothing more is sent to them. */
export const suppressedRecipients = table(
  'suppressed_recipients',
  { noun: 'suppressed recipient', prefix: 'supp' },
  {
    channel: word<MessageRecord['channel']>(),
    /** As `recipientKey` makes it. */
    address: text,
    /** What the other side said, without secrets. */
    reason: text,
    /** From then on it is tried again. */
    expiresAt: integer,
  },
  {
    suppressed_recipients_address: { on: ['instanceId', 'channel', 'address'], unique: true },
    suppressed_recipients_expiring: { on: ['expiresAt'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    suppressed_recipients: RowOf<typeof suppressedRecipients>
  }
}

export type SuppressedRecipient = RecordOf<typeof suppressedRecipients>
