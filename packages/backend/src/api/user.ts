import type { UserJSON } from '@latchkey/types'
import { withRaw } from '../core/raw.js'
import { toEmailAddress, type EmailAddress } from './email-addresses.js'
import { toEnterpriseAccount, type EnterpriseAccount } from './enterprise-accounts.js'
import { toExternalAccount, type ExternalAccount } from './external-accounts.js'
import { toPhoneNumber, type PhoneNumber } from './phone-numbers.js'
import { toWeb3Wallet, type Web3Wallet } from './web3-wallets.js'

/** A user as the methods of `users` answer them. */
export class User {
  readonly id: string
  readonly passwordEnabled: boolean
  readonly totpEnabled: boolean
  readonly backupCodeEnabled: boolean
  readonly twoFactorEnabled: boolean
  readonly banned: boolean
  readonly locked: boolean
  /** Unix milliseconds. */
  readonly createdAt: number
  /** Unix milliseconds. */
  readonly updatedAt: number
  readonly imageUrl: string
  readonly hasImage: boolean
  readonly primaryEmailAddressId: string | null
  readonly primaryPhoneNumberId: string | null
  readonly primaryWeb3WalletId: string | null
  /** Unix milliseconds. */
  readonly lastSignInAt: number | null
  /** The user's id in the application's own system. */
  readonly externalId: string | null
  readonly username: string | null
  readonly firstName: string | null
  readonly lastName: string | null
  readonly publicMetadata: UserPublicMetadata
  readonly privateMetadata: UserPrivateMetadata
  readonly unsafeMetadata: UserUnsafeMetadata
  readonly emailAddresses: EmailAddress[]
  readonly phoneNumbers: PhoneNumber[]
  readonly web3Wallets: Web3Wallet[]
  readonly externalAccounts: ExternalAccount[]
  readonly enterpriseAccounts: EnterpriseAccount[]
  /** Unix milliseconds, to the day. */
  readonly lastActiveAt: number | null
  readonly createOrganizationEnabled: boolean
  /** 0 means no limit. */
  readonly createOrganizationsLimit: number | null
  readonly deleteSelfEnabled: boolean
  /** Unix milliseconds. */
  readonly legalAcceptedAt: number | null
  /** BCP 47, such as `en-US`. */
  readonly locale: string | null
  /** IANA name, such as `Europe/Athens`. */
  readonly timezone: string | null
  readonly deprovisioned: boolean
  /** The answer as it came. */
  declare readonly raw: UserJSON

  constructor(json: UserJSON & { timezone?: string | null }) {
    this.id = json.id
    this.passwordEnabled = json.password_enabled
    this.totpEnabled = json.totp_enabled
    this.backupCodeEnabled = json.backup_code_enabled
    this.twoFactorEnabled = json.two_factor_enabled
    this.banned = json.banned
    this.locked = json.locked
    this.createdAt = json.created_at
    this.updatedAt = json.updated_at
    this.imageUrl = json.image_url
    this.hasImage = json.has_image
    this.primaryEmailAddressId = json.primary_email_address_id
    this.primaryPhoneNumberId = json.primary_phone_number_id
    this.primaryWeb3WalletId = json.primary_web3_wallet_id
    this.lastSignInAt = json.last_sign_in_at
    this.externalId = json.external_id
    this.username = json.username
    this.firstName = json.first_name
    this.lastName = json.last_name
    this.publicMetadata = json.public_metadata ?? {}
    this.privateMetadata = json.private_metadata ?? {}
    this.unsafeMetadata = json.unsafe_metadata ?? {}
    this.emailAddresses = (json.email_addresses ?? []).map(toEmailAddress)
    this.phoneNumbers = (json.phone_numbers ?? []).map(toPhoneNumber)
    this.web3Wallets = (json.web3_wallets ?? []).map(toWeb3Wallet)
    this.externalAccounts = (json.external_accounts ?? []).map(toExternalAccount)
    this.enterpriseAccounts = (json.enterprise_accounts ?? []).map(toEnterpriseAccount)
    this.lastActiveAt = json.last_active_at
    this.createOrganizationEnabled = json.create_organization_enabled
    this.createOrganizationsLimit = json.create_organizations_limit ?? null
    this.deleteSelfEnabled = json.delete_self_enabled
    this.legalAcceptedAt = json.legal_accepted_at
    this.locale = json.locale as string | null
    this.timezone = json.timezone ?? null
    this.deprovisioned = json.deprovisioned ?? false
    withRaw(this, json)
  }

  get primaryEmailAddress(): EmailAddress | null {
    return this.emailAddresses.find(({ id }) => id === this.primaryEmailAddressId) ?? null
  }

  get primaryPhoneNumber(): PhoneNumber | null {
    return this.phoneNumbers.find(({ id }) => id === this.primaryPhoneNumberId) ?? null
  }

  get primaryWeb3Wallet(): Web3Wallet | null {
    return this.web3Wallets.find(({ id }) => id === this.primaryWeb3WalletId) ?? null
  }

  /** First and last name as far as they are there; null when neither is. */
  get fullName(): string | null {
    return [this.firstName, this.lastName].join(' ').trim() || null
  }
}

export function toUser(json: UserJSON): User {
  return new User(json)
}
