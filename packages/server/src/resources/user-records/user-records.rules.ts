import type { InstanceSettings } from '../../instances/settings/settings.js'
import { searchText } from '../../lib/identifiers/index.js'
import type { EmailAddressRecord } from '../email-addresses/email-addresses.table.js'
import type { ExternalAccountRecord } from '../external-accounts/external-accounts.table.js'
import type { PasskeyRecord } from '../passkeys/passkeys.table.js'
import { isSecondFactor } from '../phone-numbers/phone-numbers.rules.js'
import type { PhoneNumberRecord } from '../phone-numbers/phone-numbers.table.js'
import type { Web3WalletRecord } from '../web3-wallets/web3-wallets.table.js'
import type { UserRecord } from './user-records.table.js'

/** A user with all rows that a user's JSON contains. */
export interface User extends UserRecord {
  emailAddresses: EmailAddressRecord[]
  phoneNumbers: PhoneNumberRecord[]
  web3Wallets: Web3WalletRecord[]
  externalAccounts: ExternalAccountRecord[]
  passkeys: PasskeyRecord[]
}

/** Locked, and the lock has not expired. */
export function isLocked(user: UserRecord, now: number): boolean {
  return user.locked && (user.lockoutExpiresAt === null || user.lockoutExpiresAt > now)
}

/** Whether the user may delete themselves: the instance and the user's own switch must both allow it. */
export function mayDeleteSelf({ deleteSelfEnabled }: UserRecord, { actions }: InstanceSettings): boolean {
  return deleteSelfEnabled && actions.deleteSelf
}

/** Whether the user has a second factor: an authenticator app, or a phone number reserved for it. Backup codes alone do not count. */
export function hasSecondFactor(user: Pick<User, 'totpSecret' | 'phoneNumbers'>): boolean {
  return user.totpSecret !== null || user.phoneNumbers.some(isSecondFactor)
}

/** The canonical forms of the primary identifiers, which lists sort by. */
export function primaryIdentifiersOf(
  user: User,
): Pick<UserRecord, 'primaryEmailAddress' | 'primaryPhoneNumber' | 'primaryWeb3Wallet'> {
  return {
    primaryEmailAddress: user.emailAddresses.find(({ id }) => id === user.primaryEmailAddressId)?.canonical ?? null,
    primaryPhoneNumber: user.phoneNumbers.find(({ id }) => id === user.primaryPhoneNumberId)?.canonical ?? null,
    primaryWeb3Wallet: user.web3Wallets.find(({ id }) => id === user.primaryWeb3WalletId)?.canonical ?? null,
  }
}

/** The folded text that searches look into. */
export function searchedTextOf(user: User) {
  return {
    emailAddresses: searchText(...user.emailAddresses.map(({ emailAddress }) => emailAddress)),
    phoneNumbers: searchText(...user.phoneNumbers.map(({ phoneNumber }) => phoneNumber)),
    username: searchText(user.username),
    web3Wallets: searchText(...user.web3Wallets.map(({ web3Wallet }) => web3Wallet)),
    name: searchText(user.firstName, user.lastName),
  }
}
