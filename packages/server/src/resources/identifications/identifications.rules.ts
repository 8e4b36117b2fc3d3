import { errors } from '../../kernel/errors/errors.js'
import type { EmailAddressRecord } from '../email-addresses/email-addresses.table.js'
import type { PhoneNumberRecord } from '../phone-numbers/phone-numbers.table.js'
import type { User } from '../user-records/user-records.rules.js'
import { unverified, verifiedByAdmin } from '../verifications/verifications.rules.js'
import type { VerificationColumns } from '../verifications/verifications.table.js'
import { identificationErrors } from './identifications.errors.js'

/**
 * The most of one kind: as many as a user can be created with. The JSON of the user and every event contain each of
 * them.
 */
const MAX_IDENTIFICATIONS = 100

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

/** @throws {ApiError} 422 `form_identifier_exists` for one that the user has, 403 `quota_exceeded` */
export function requireRoom(
  { noun, param }: { noun: string; param: string },
  rows: readonly IdentificationRecord[],
  canonical: string,
): void {
  if (rows.some((row) => row.canonical === canonical)) throw errors.identifierExists(param)
  if (rows.length >= MAX_IDENTIFICATIONS) throw identificationErrors.tooMany(noun, MAX_IDENTIFICATIONS)
}
