import type { EmailAddressRecord } from '../email-addresses/email-addresses.table.js'
import type { PhoneNumberRecord } from '../phone-numbers/phone-numbers.table.js'
import type { User } from '../user-records/user-records.rules.js'
import { unverified, verifiedByAdmin } from '../verifications/verifications.rules.js'
import type { VerificationColumns } from '../verifications/verifications.table.js'

/** An address or number that a user is found and reached by, and has to prove to be theirs. */
export type IdentificationRecord = EmailAddressRecord | PhoneNumberRecord

/** Reserved: not verified, but usable for sign-in and locked for everybody else. */
export type IdentificationStatus = 'verified' | 'reserved' | 'unverified'

/** The columns that say who owns it: no other user can have a claimed one. */
export function columnsOf(status: IdentificationStatus): VerificationColumns & { claimed: boolean; reserved: boolean } {
  return {
    claimed: status !== 'unverified',
    reserved: status === 'reserved',
    ...(status === 'verified' ? verifiedByAdmin : unverified),
  }
}

/** Whether the user still has another identifier once this one is removed, or serves as second factor only. */
export function hasOtherIdentifier(user: User, without: IdentificationRecord): boolean {
  if (user.username !== null || user.web3Wallets.length > 0 || user.externalAccounts.length > 0) return true
  const others = [
    ...user.emailAddresses,
    ...user.phoneNumbers.filter(({ reservedForSecondFactor }) => !reservedForSecondFactor),
  ].filter(({ id }) => id !== without.id)
  return remainsUsable(others, without)
}

/** An address that cannot be used to sign in does not replace one that can. */
export function remainsUsable(others: readonly IdentificationRecord[], removed: IdentificationRecord): boolean {
  return removed.claimed ? others.some(({ claimed }) => claimed) : others.length > 0
}
