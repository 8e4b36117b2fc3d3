import { boolean, json, nullable, reference, table, text } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'
import { verificationColumns } from '../verifications/verifications.table.js'

export const emailAddresses = table(
  'email_addresses',
  { noun: 'email address', prefix: 'idn' },
  {
    userId: reference('users'),
    emailAddress: text,
    canonical: text,
    /** Where it most likely arrives; see `mailboxOf`. Null where a program wrote the row that did not know it yet. */
    mailbox: nullable(text),
    /** Verified or reserved: nobody else in the instance can have it. */
    claimed: boolean,
    reserved: boolean,
    ...verificationColumns,
    linkedTo: json<{ type: string; id: string }[]>(),
  },
  {
    email_addresses_claimed: { on: ['instanceId', 'canonical'], unique: true, where: 'claimed = 1' },
    email_addresses_canonical: { on: ['instanceId', 'canonical'] },
    email_addresses_mailbox: { on: ['instanceId', 'mailbox'] },
    email_addresses_user: { on: ['userId', 'createdAt'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    email_addresses: RowOf<typeof emailAddresses>
  }
}

export type EmailAddressRecord = RecordOf<typeof emailAddresses>
