import { integer, nullable, reference, table, text, word } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

export type ReverificationLevel = 'first_factor' | 'second_factor' | 'multi_factor'

export type ReverificationStatus = 'needs_first_factor' | 'needs_second_factor' | 'complete'

/** The reverification of a session that was started last: its user proves factors again, before something sensitive. */
export const sessionReverifications = table(
  'session_reverifications',
  { noun: 'session reverification', prefix: 'sver' },
  {
    sessionId: reference('sessions'),
    level: word<ReverificationLevel>(),
    status: word<ReverificationStatus>(),
    firstFactorVerificationId: nullable(text),
    firstFactorVerifiedAt: nullable(integer),
    secondFactorVerificationId: nullable(text),
    secondFactorVerifiedAt: nullable(integer),
    /** An unfinished one can be continued until then. */
    expireAt: integer,
  },
  { session_reverifications_session: { on: ['sessionId'], unique: true } },
)

declare module '../../storage/schema.js' {
  interface Schema {
    session_reverifications: RowOf<typeof sessionReverifications>
  }
}

export type SessionReverificationRecord = RecordOf<typeof sessionReverifications>
