import { boolean, integer, nullable, reference, table, text, word } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

export type SignInStatus =
  | 'needs_identifier'
  | 'needs_first_factor'
  | 'needs_second_factor'
  | 'needs_client_trust'
  | 'needs_new_password'
  | 'complete'
  | 'abandoned'

export type FirstFactorStrategy =
  | 'password'
  | 'email_code'
  | 'email_link'
  | 'phone_code'
  | 'reset_password_email_code'
  | 'reset_password_phone_code'
  | 'passkey'
  | 'ticket'

/** A ticket that the application issued stands for both factors, an invitation to an organization for the first. */
export type SecondFactorStrategy = 'totp' | 'phone_code' | 'backup_code' | 'ticket'

/** `new`: the user has not had a session in this client before. `pending`: nobody is identified yet. */
export type ClientTrustState = 'pending' | 'new' | 'known'

/** Attempts to sign in, each of one client. The client names the one that goes on. */
export const signIns = table(
  'sign_ins',
  { noun: 'sign-in', prefix: 'sia' },
  {
    clientId: reference('clients'),
    /** Null while nobody is identified, by an identifier or a passkey, for a decoy, and once the user is deleted. */
    userId: nullable(reference('users', 'set null')),
    /** `abandoned` comes with time, see `sign-ins.rules.ts`. */
    status: word<SignInStatus>(),
    /** As the person typed it. */
    identifier: nullable(text),
    /** The address or number that was typed. */
    identificationId: nullable(text),
    /** The identifier is nobody's. The sign-in looks like one of a user, so that nobody learns that from it. */
    isDecoy: boolean,
    /** A right code for an identifier that is nobody's leads to a sign-up. */
    signUpIfMissing: boolean,
    /** That has happened; a sign-up may take the identifier over, once. */
    isTransferable: boolean,
    firstFactor: nullable(word<FirstFactorStrategy>()),
    firstFactorVerificationId: nullable(text),
    firstFactorVerifiedAt: nullable(integer),
    secondFactor: nullable(word<SecondFactorStrategy>()),
    /** Also of the code that makes a new client known. */
    secondFactorVerificationId: nullable(text),
    secondFactorVerifiedAt: nullable(integer),
    /** The request that began the sign-in sent its code: the next request for the same code sends none. */
    isCodeFresh: boolean,
    passwordReset: boolean,
    /** Null where the instance does not ask. */
    clientTrustState: nullable(word<ClientTrustState>()),
    /** To an organization, which the user joins once the sign-in is complete. */
    invitationId: nullable(text),
    createdSessionId: nullable(text),
    abandonAt: integer,
  },
  {
    sign_ins_client: { on: ['clientId', 'createdAt'] },
    sign_ins_user: { on: ['userId'] },
    sign_ins_by_abandon_at: { on: ['abandonAt'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    sign_ins: RowOf<typeof signIns>
  }
}

export type SignInRecord = RecordOf<typeof signIns>
