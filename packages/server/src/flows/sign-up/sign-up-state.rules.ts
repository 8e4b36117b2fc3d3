import type { SignUpVerificationJSON } from '@latchkey/types'
import { attribute } from '../../instances/settings/attributes.js'
import type { InstanceSettings } from '../../instances/settings/settings.js'
import type { Metadata } from '../../kernel/metadata.js'
import { emailAddress as readEmailAddress } from '../../lib/identifiers/index.js'
import type { SignUpRecord } from '../../resources/sign-ups/sign-ups.table.js'
import type { VerificationColumns, VerificationRecord } from '../../resources/verifications/verifications.table.js'
import type { SignUpFacts } from './sign-up-fields.rules.js'
import { signUpFlowErrors } from './sign-up.errors.js'

/** An identifier that a code can be sent to. */
export interface VerifiedField {
  strategy: 'email_code' | 'email_link' | 'phone_code'
  /** Its name on the wire. */
  name: 'email_address' | 'phone_number'
  /** For people. */
  noun: string
  value: 'emailAddress' | 'phoneNumber'
  verificationId: 'emailVerificationId' | 'phoneVerificationId'
}

/** By the strategy that verifies it. */
export const VERIFIED_FIELDS: Record<VerifiedField['strategy'], VerifiedField> = {
  email_code: {
    strategy: 'email_code',
    name: 'email_address',
    noun: 'email address',
    value: 'emailAddress',
    verificationId: 'emailVerificationId',
  },
  email_link: {
    strategy: 'email_link',
    name: 'email_address',
    noun: 'email address',
    value: 'emailAddress',
    verificationId: 'emailVerificationId',
  },
  phone_code: {
    strategy: 'phone_code',
    name: 'phone_number',
    noun: 'phone number',
    value: 'phoneNumber',
    verificationId: 'phoneVerificationId',
  },
}

/** What a sign-up gets from a ticket. */
export interface SignUpTicket {
  id: string
  /** Where the ticket was sent: proved, and fixed. */
  emailAddress: string
  publicMetadata: Metadata
}

/** What a person says of themselves, read and checked. */
export type SignUpFieldChanges = Partial<
  Pick<
    SignUpRecord,
    | 'emailAddress'
    | 'phoneNumber'
    | 'username'
    | 'firstName'
    | 'lastName'
    | 'passwordDigest'
    | 'passwordHasher'
    | 'unsafeMetadata'
    | 'legalAcceptedAt'
    | 'locale'
  >
>

export interface SignUpChanges {
  fields: SignUpFieldChanges
  ticket?: SignUpTicket | undefined
}

/** Every strategy of a sign-up that has a name in the API, also those that nothing here serves. */
const KNOWN =
  /^(?:email_(?:code|link)|phone_code|enterprise_sso|saml|ticket|password|google_one_tap|(?:oauth|web3)_\w+)$/

export function isKnownStrategy(strategy: string): boolean {
  return KNOWN.test(strategy)
}

/**
 * The changes to a sign-up. An identifier that is another one than before loses its verification; the address of a
 * ticket is proved, since the ticket was sent there.
 *
 * @throws {ApiError} 422 for another address than that of the ticket
 */
export function changesTo(signUp: SignUpRecord, { fields, ticket }: SignUpChanges, settings: InstanceSettings) {
  const changes: Partial<SignUpRecord> = { ...fields }
  const verifications = { ...signUp.verifications }
  if (ticket && ticket.id !== signUp.ticketId) {
    changes.ticketId = ticket.id
    changes.emailAddress = ticket.emailAddress
    changes.publicMetadata = ticket.publicMetadata
    changes.emailVerificationId = null
    verifications.email_address = ticketVerificationJSON(settings)
  } else if (fields.emailAddress) {
    const isSame = sameAddress(fields.emailAddress, signUp.emailAddress)
    if (signUp.ticketId !== null) {
      if (!isSame) throw signUpFlowErrors.fixedByTicket('email_address')
      delete changes.emailAddress
    } else if (!isSame) {
      changes.emailVerificationId = null
      verifications.email_address = null
    }
  }
  if (fields.phoneNumber && fields.phoneNumber !== signUp.phoneNumber) {
    changes.phoneVerificationId = null
    verifications.phone_number = null
  }
  return { ...changes, verifications }
}

/** Whether two texts are one address, however it is written. */
export function sameAddress(a: string, b: string | null): boolean {
  return b !== null && canonicalAddress(a) === canonicalAddress(b)
}

export function canonicalAddress(address: string): string {
  const read = readEmailAddress(address)
  return read.ok ? read.canonical : address
}

export function factsOf(signUp: SignUpRecord): SignUpFacts {
  const { verifications } = signUp
  return {
    ...signUp,
    hasPassword: signUp.passwordDigest !== null,
    legalAccepted: signUp.legalAcceptedAt !== null,
    emailAddressVerified: verifications.email_address?.status === 'verified',
    phoneNumberVerified: verifications.phone_number?.status === 'verified',
    web3WalletVerified: verifications.web3_wallet?.status === 'verified',
    externalAccountVerified: verifications.external_account?.status === 'verified',
  }
}

/** A code that was sent, as the sign-up shows it. */
export function codeVerificationJSON(
  { status, strategy, attempts, expireAt, channel, verifiedAtClient }: VerificationRecord,
  { name }: VerifiedField,
  settings: InstanceSettings,
): SignUpVerificationJSON {
  return {
    object: strategy === 'email_link' ? 'verification_email_link' : 'verification_otp',
    status,
    strategy,
    attempts,
    expire_at: expireAt,
    ...(strategy === 'phone_code' ? { channel: channel ?? 'sms' } : {}),
    ...(verifiedAtClient === null ? {} : { verified_at_client: verifiedAtClient }),
    next_action: status === 'verified' ? '' : status === 'unverified' ? 'needs_attempt' : 'needs_prepare',
    supported_strategies: attribute(settings, name).verifications,
  }
}

/** An address that is proved by the ticket that was sent to it. */
export function ticketVerificationJSON(settings: InstanceSettings): SignUpVerificationJSON {
  return {
    object: 'verification_ticket',
    status: 'verified',
    strategy: 'ticket',
    attempts: null,
    expire_at: null,
    next_action: '',
    supported_strategies: attribute(settings, 'email_address').verifications,
  }
}

/** How the identifier of the new user was verified. Undefined if it was not. */
export function verifiedColumns(verification: SignUpVerificationJSON | null): VerificationColumns | undefined {
  if (verification?.status !== 'verified') return undefined
  return {
    verificationStatus: 'verified',
    verificationStrategy: verification.strategy ?? null,
    verificationAttempts: verification.attempts ?? null,
    verificationExpireAt: verification.expire_at ?? null,
  }
}
