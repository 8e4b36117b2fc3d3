import type { EmailAddressRecord, PhoneNumberRecord } from '../../storage/tables.js'
import type { User } from '../users/user.js'
import { unverified, verifiedByAdmin, type VerificationColumns } from '../verifications/verification.serializer.js'

/** What a user is found and reached by, and has to prove to be theirs. */
export type IdentificationRecord = EmailAddressRecord | PhoneNumberRecord

/** Reserved: not verified, but usable for sign-in and locked for everybody else. */
export type IdentificationStatus = 'verified' | 'reserved' | 'unverified'

/** What e-mail addresses and phone numbers differ in. */
export interface IdentificationKind {
  /** For people: `email address`. */
  noun: string
  /** The parameter it comes in; also the `object` of its JSON. */
  param: 'email_address' | 'phone_number'
  /** The switch in the instance's settings. */
  setting: 'emailAddress' | 'phoneNumber'
  /** Where a user has them. */
  list: 'emailAddresses' | 'phoneNumbers'
  primary: 'primaryEmailAddressId' | 'primaryPhoneNumberId'
  strategy: 'email_code' | 'phone_code'
}

/** The columns that say whose it is: a claimed one can be nobody else's. */
export function columnsOf(status: IdentificationStatus): VerificationColumns & { claimed: boolean; reserved: boolean } {
  return {
    claimed: status !== 'unverified',
    reserved: status === 'reserved',
    ...(status === 'verified' ? verifiedByAdmin : unverified),
  }
}

/** Whether the user can still be found by something when this one is gone, or serves as second factor only. */
export function hasOtherIdentifier(user: User, without: IdentificationRecord): boolean {
  if (user.username !== null || user.web3Wallets.length > 0 || user.externalAccounts.length > 0) return true
  const others = [
    ...user.emailAddresses,
    ...user.phoneNumbers.filter(({ reservedForSecondFactor }) => !reservedForSecondFactor),
  ].filter(({ id }) => id !== without.id)
  return remainsUsable(others, without)
}

/** An address that nobody can sign in with does not stand in for one that somebody can. */
export function remainsUsable(others: readonly IdentificationRecord[], removed: IdentificationRecord): boolean {
  return removed.claimed ? others.some(({ claimed }) => claimed) : others.length > 0
}
