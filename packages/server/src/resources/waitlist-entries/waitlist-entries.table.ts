import type { WaitlistEntryStatus } from '@latchkey/types'
import { integer, nullable, reference, table, text, word } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

export const waitlistEntries = table(
  'waitlist_entries',
  { noun: 'waitlist entry', prefix: 'wle', counted: [{ by: ['status'] }] },
  {
    emailAddress: text,
    canonical: text,
    status: word<WaitlistEntryStatus>(),
    invitedAt: nullable(integer),
    invitationId: nullable(reference('tickets', 'set null')),
  },
  {
    waitlist_entries_address: { on: ['instanceId', 'canonical'], unique: true },
    waitlist_entries_by_created_at: { on: ['instanceId', 'createdAt', 'id'] },
    waitlist_entries_by_invited_at: { on: ['instanceId', 'invitedAt', 'id'], nullsFirst: true },
    waitlist_entries_by_status: { on: ['instanceId', 'status', 'createdAt', 'id'] },
    waitlist_entries_invitation: { on: ['invitationId'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    waitlist_entries: RowOf<typeof waitlistEntries>
  }
}

export type WaitlistEntryRecord = RecordOf<typeof waitlistEntries>
