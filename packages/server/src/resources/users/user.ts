import type {
  EmailAddressRecord,
  ExternalAccountRecord,
  PasskeyRecord,
  PhoneNumberRecord,
  UserRecord,
  Web3WalletRecord,
} from '../../storage/tables.js'

/** A user with all that is shown with one. */
export interface User extends UserRecord {
  emailAddresses: EmailAddressRecord[]
  phoneNumbers: PhoneNumberRecord[]
  web3Wallets: Web3WalletRecord[]
  externalAccounts: ExternalAccountRecord[]
  passkeys: PasskeyRecord[]
}

/** Locked, and the lock has not run out. */
export function isLocked(user: UserRecord, now: number): boolean {
  return user.locked && (user.lockoutExpiresAt === null || user.lockoutExpiresAt > now)
}

/** Has a second factor: an authenticator app, or a phone number reserved for it. Backup codes alone are none. */
export function hasSecondFactor(user: Pick<User, 'totpSecret' | 'phoneNumbers'>): boolean {
  return (
    user.totpSecret !== null ||
    user.phoneNumbers.some((phone) => phone.reservedForSecondFactor && phone.verificationStatus === 'verified')
  )
}
