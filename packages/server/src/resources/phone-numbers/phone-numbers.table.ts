import { boolean, json, reference, table, text } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'
import { verificationColumns } from '../verifications/verifications.table.js'

export const phoneNumbers = table(
  'phone_numbers',
  { noun: 'phone number', prefix: 'idn' },
  {
    userId: reference('users'),
    phoneNumber: text,
    canonical: text,
    claimed: boolean,
    reserved: boolean,
    reservedForSecondFactor: boolean,
    defaultSecondFactor: boolean,
    ...verificationColumns,
    linkedTo: json<{ type: string; id: string }[]>(),
  },
  {
    phone_numbers_claimed: { on: ['instanceId', 'canonical'], unique: true, where: 'claimed = 1' },
    phone_numbers_canonical: { on: ['instanceId', 'canonical'] },
    phone_numbers_user: { on: ['userId', 'createdAt'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    phone_numbers: RowOf<typeof phoneNumbers>
  }
}

export type PhoneNumberRecord = RecordOf<typeof phoneNumbers>
