import type { PhoneChannel } from '../../instances/settings/attributes.js'
import { integer, nullable, reference, table, text, word } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

export type VerificationStatus = 'unverified' | 'verified' | 'failed' | 'expired'

/**
 * What is to be proved: that an address or a passkey belongs to its user, that an address belongs to an organization, or
 * a step of signing in, of signing up or of proving oneself again.
 */
export type VerificationSubject = 'identification' | 'sign_in' | 'sign_up' | 'session' | 'organization_domain'

/** Attempts at proving something: a one-time code on its way, a password that was asked for. */
export const verifications = table(
  'verifications',
  { noun: 'verification', prefix: 'ver' },
  {
    subjectKind: word<VerificationSubject>(),
    subjectId: text,
    /** Null while it is not known who proves it, as in a sign-up. */
    userId: nullable(reference('users')),
    /** The e-mail address or phone number that the code was sent to: its id or, in a sign-up, itself. */
    identificationId: nullable(text),
    strategy: text,
    /** HMAC of the code; null for strategies without one. */
    codeHash: nullable(text),
    status: word<VerificationStatus>(),
    attempts: integer,
    expireAt: integer,
    /** Of a code to a phone number: how it is sent. */
    channel: nullable(word<PhoneChannel>()),
    /** Of a link: where the browser goes on that opens it. */
    redirectUrl: nullable(text),
    /** The browser in which the link was asked for. */
    startedAtClient: nullable(text),
    /** What that browser said of itself, and where it was: for whoever opens the link in another one. */
    startedUserAgent: nullable(text),
    startedIpAddress: nullable(text),
    /** The browser in which it was opened. */
    verifiedAtClient: nullable(text),
    /** Of a passkey: the options that the browser gets, JSON with the challenge. */
    nonce: nullable(text),
  },
  {
    verifications_subject: { on: ['subjectId', 'createdAt'] },
    verifications_user: { on: ['userId', 'createdAt'] },
    verifications_expiring: { on: ['expireAt'] },
  },
)

/** How an identifier was verified, or the state of its verification. Null columns: no verification was started. */
export const verificationColumns = {
  verificationStatus: nullable(word<VerificationStatus>()),
  verificationStrategy: nullable(text),
  verificationAttempts: nullable(integer),
  verificationExpireAt: nullable(integer),
}

declare module '../../storage/schema.js' {
  interface Schema {
    verifications: RowOf<typeof verifications>
  }
}

export type VerificationRecord = RecordOf<typeof verifications>
export type VerificationColumns = RecordOf<{ columns: typeof verificationColumns }>
