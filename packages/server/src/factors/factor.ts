import type { PhoneChannel } from '../instances/settings/attributes.js'
import type { InstanceSettings } from '../instances/settings/settings.js'
import type { ApiError } from '../kernel/errors/api-error.js'
import type { LinkRequest } from '../resources/email-links/email-links.service.js'
import type { User } from '../resources/user-records/user-records.rules.js'
import type { Subject } from '../resources/verifications/verifications.service.js'
import type { VerificationRecord } from '../resources/verifications/verifications.table.js'
import type { Tx } from '../storage/tx.js'
import type { Offer, Strategy } from './offers.rules.js'

export type { EmailCodeStrategy, Offer, PhoneCodeStrategy, Strategy } from './offers.rules.js'

/** What the proof is for: one sign-in, or the reverification of one session. */
export type FactorSubject = Pick<Subject, 'kind' | 'id'>

/** Where a code is sent. Without an id: the first that `supported` lists. */
export interface PrepareParams {
  emailAddressId?: string | undefined
  phoneNumberId?: string | undefined
  passkeyId?: string | undefined
  /** Of the page that asks, for a passkey. */
  origin?: string | undefined
  /** How a code goes to a phone number. */
  channel?: PhoneChannel | undefined
  /** For a link. */
  link?: LinkRequest | undefined
}

export interface AttemptParams {
  password?: string | undefined
  code?: string | undefined
  /** What a passkey has signed, JSON. */
  publicKeyCredential?: string | undefined
  /** Of the page that asks, for a passkey. */
  origin?: string | undefined
  /** Aborts when nobody waits for the outcome any more. */
  signal?: AbortSignal | undefined
}

/** The outcome of an attempt. Only `wrong` counts towards the lockout, and only `verified` proves anything. */
export type Attempt =
  | { status: 'verified'; verification: VerificationRecord }
  /** After the last try the verification has failed. Null for a factor that sends no code. */
  | { status: 'wrong'; verification: VerificationRecord | null }
  /** The verification had already ended; nothing was compared. */
  | { status: 'expired' | 'failed' | 'already_verified'; verification: VerificationRecord }
  /** No code was sent for this subject. */
  | { status: 'missing' }
  /** The user does not have this factor, or the instance has switched it off. */
  | { status: 'unsupported' }
  | { status: 'locked' }
  /** Nothing that could be guessed was wrong: it does not count. */
  | { status: 'refused'; error: ApiError }
  /** The password is right, but somebody else may know it: another factor has to be used. */
  | { status: 'compromised' }
  /** Nobody can say here whether the password is right: another factor has to be used. */
  | { status: 'uncheckable' }

/** The part of an attempt that belongs in a transaction. It may run again after a deadlock. */
export type Settle = (tx: Tx) => Promise<Attempt>

/**
 * Tries what somebody has sent as a user's. Does the slow work, such as hashing. The returned function then decides
 * within the caller's transaction, so that a proof is spent in the same transaction as the changes it allows. Commit that
 * transaction whatever the function returns: it has also counted a wrong attempt.
 *
 * @param user undefined if nobody has the factor, and whoever tries it must not notice: it takes as long and comes to the
 *   same as a wrong one
 */
export type Proof = (subject: FactorSubject, user: User | undefined) => Settle | Promise<Settle>

export interface Factor {
  readonly strategy: Strategy
  /** A second factor is required in addition to the first, in case somebody else has stolen that one. */
  readonly stage: 'first' | 'second'

  /**
   * The offers that the user may choose from; empty if the user cannot use this factor.
   *
   * @param identifiedBy id of the address or number that the person typed. It is not masked: the sign-in components
   *   look for the factor whose `safe_identifier` equals the identifier.
   */
  supported(user: User, settings: InstanceSettings, identifiedBy?: string | null): Offer[]

  /**
   * Sends a code. The previous code for the same subject is no longer accepted. Absent if the factor sends nothing.
   *
   * @throws {ApiError} 400 `strategy_for_user_invalid`, 422 `form_resource_not_found`, 429
   *   `verification_code_too_many_requests`
   */
  prepare?(subject: FactorSubject, user: User, params: PrepareParams, tx: Tx): Promise<VerificationRecord>

  /**
   * Checks what somebody has sent before it is known whose it would be, so that no answer to what is missing or malformed
   * tells anything about a user.
   *
   * @throws {ApiError} 422 `form_param_missing`
   */
  read(params: AttemptParams): Proof
}

/** A factor that is proved by opening a link, in whichever browser. */
export interface LinkFactor extends Factor {
  /** Spends the link. @param openedBy the browser */
  open(subject: FactorSubject, user: User, verification: VerificationRecord, openedBy: string): Settle
}

/** A factor that says itself who somebody is. */
export interface NamingFactor extends Factor {
  /** @param origin of the page */
  prepareForAnybody(subject: FactorSubject, origin: string | undefined, tx: Tx): Promise<VerificationRecord>
  /**
   * The user whose proof it says it is, which is still to be tried.
   *
   * @throws {ApiError} 404 if it names no user; as `read` does
   */
  ownerOf(params: AttemptParams): Promise<User>
}

/** Factors by the strategy that a request names. */
export type FactorSet = { readonly [S in Strategy]?: Factor & { readonly strategy: S } }

/** The factors of a stage of sign-in. */
export interface FactorSets {
  readonly first: FactorSet
  readonly second: FactorSet
  /** For a user who has no second factor and signs in with a browser for the first time. */
  readonly clientTrust: FactorSet
}

/** The offers that a user may choose from, in the order of the factors. See `Factor.supported`. */
export function offersOf(
  factors: FactorSet | readonly Factor[],
  user: User,
  settings: InstanceSettings,
  identifiedBy: string | null = null,
): Offer[] {
  return Object.values<Factor>(factors).flatMap((factor) => factor.supported(user, settings, identifiedBy))
}
