import { reference, sealed, table } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

/** A secret that a user may have put into an authenticator app. It counts once a code of it has come. */
export const totpEnrolments = table(
  'totp_enrolments',
  { noun: 'authenticator app', prefix: 'totp' },
  { userId: reference('users'), secret: sealed },
  { totp_enrolments_user: { on: ['userId'], unique: true } },
)

declare module '../../storage/schema.js' {
  interface Schema {
    totp_enrolments: RowOf<typeof totpEnrolments>
  }
}

export type TotpEnrolmentRecord = RecordOf<typeof totpEnrolments>
