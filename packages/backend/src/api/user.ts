import type { Metadata, UserJSON } from '@latchkey/types'
import type { EmailAddress } from './email-address.js'
import type { EnterpriseAccount } from './enterprise-accounts.js'
import type { ExternalAccount } from './external-accounts.js'
import type { PhoneNumber } from './phone-number.js'
import type { Resource } from './resource.js'
import type { Web3Wallet } from './web3-wallets.js'

interface UserFields extends Resource<UserJSON> {
  /** Readable in the browser, writable by backends. */
  publicMetadata: UserPublicMetadata & Metadata
  /** Readable and writable by backends only. */
  privateMetadata: UserPrivateMetadata & Metadata
  /** Readable and writable in the browser too. */
  unsafeMetadata: UserUnsafeMetadata & Metadata
  emailAddresses: EmailAddress[]
  phoneNumbers: PhoneNumber[]
  web3Wallets: Web3Wallet[]
  externalAccounts: ExternalAccount[]
  enterpriseAccounts: EnterpriseAccount[]
  /** 0 means no limit. */
  createOrganizationsLimit: number | null
  /** BCP 47, such as `en-US`. */
  locale: string | null
  /** IANA name, such as `Europe/Athens`. */
  timezone: string | null
  deprovisioned: boolean
  /** Unix milliseconds, to the day. */
  lastActiveAt: number | null
  /** Unix milliseconds. */
  lastSignInAt: number | null
  /** Unix milliseconds. */
  legalAcceptedAt: number | null
  /** Unix milliseconds. */
  createdAt: number
  /** Unix milliseconds. */
  updatedAt: number
}

/** The fields of the answer; its translation assigns them. */
const Fields = class {} as new () => UserFields

export class User extends Fields {
  get primaryEmailAddress(): EmailAddress | null {
    return this.emailAddresses.find(({ id }) => id === this.primaryEmailAddressId) ?? null
  }

  get primaryPhoneNumber(): PhoneNumber | null {
    return this.phoneNumbers.find(({ id }) => id === this.primaryPhoneNumberId) ?? null
  }

  get primaryWeb3Wallet(): Web3Wallet | null {
    return this.web3Wallets.find(({ id }) => id === this.primaryWeb3WalletId) ?? null
  }

  /** First and last name, or the one that is set; null if neither is. */
  get fullName(): string | null {
    return [this.firstName, this.lastName].join(' ').trim() || null
  }
}
