import type { EmailAddressJSON } from './email-addresses.js'
import type { EnterpriseAccountJSON, SamlAccountJSON } from './enterprise-accounts.js'
import type { ExternalAccountJSON } from './external-accounts.js'
import type { Metadata } from './metadata.js'
import type { OrganizationMembershipJSON } from './organizations.js'
import type { PasskeyJSON } from './passkeys.js'
import type { PhoneNumberJSON } from './phone-numbers.js'
import type { ResourceJSON } from './resource.js'
import type { IdentificationStatus } from './verification.js'
import type { Web3WalletJSON } from './web3-wallets.js'

export interface UserJSON extends ResourceJSON<'user'> {
  /** The user's id in the application's own system; unique in the instance. */
  external_id: string | null
  username: string | null
  first_name: string | null
  last_name: string | null
  /** BCP 47, such as `en-US`. */
  locale?: string | null
  /** IANA name, such as `Europe/Athens`. The official SDK has it; the API description does not. */
  timezone?: string | null
  /** @deprecated Use `image_url`. */
  profile_image_url?: string
  /** Never null: a default picture is served when `has_image` is false. */
  image_url: string
  has_image: boolean
  primary_email_address_id: string | null
  primary_phone_number_id: string | null
  primary_web3_wallet_id: string | null
  email_addresses: EmailAddressJSON[]
  phone_numbers: PhoneNumberJSON[]
  web3_wallets: Web3WalletJSON[]
  passkeys: PasskeyJSON[]
  external_accounts: ExternalAccountJSON[]
  saml_accounts: SamlAccountJSON[]
  enterprise_accounts: EnterpriseAccountJSON[]
  organization_memberships: OrganizationMembershipJSON[]
  public_metadata: UserPublicMetadata & Metadata
  private_metadata: UserPrivateMetadata & Metadata
  unsafe_metadata: UserUnsafeMetadata & Metadata
  password_enabled: boolean
  /** Unix milliseconds. */
  password_last_updated_at: number | null
  two_factor_enabled: boolean
  totp_enabled: boolean
  backup_code_enabled: boolean
  /** Unix milliseconds of the last time. Kept when second factors are removed. */
  mfa_enabled_at: number | null
  /** Unix milliseconds of the last time. Kept when second factors are added again. */
  mfa_disabled_at: number | null
  banned: boolean
  locked: boolean
  deprovisioned?: boolean
  /** Null on a locked user means that the lock has no end. */
  lockout_expires_in_seconds: number | null
  /** Null if the instance has no lock-out. */
  verification_attempts_remaining: number | null
  create_organization_enabled: boolean
  /** 0 means no limit. */
  create_organizations_limit: number | null
  /** The user's own switch. The instance can keep everybody from it as well. */
  delete_self_enabled: boolean
  bypass_client_trust?: boolean
  scim?: SCIMUserMetadataJSON | null
  /** Unix milliseconds, to the day. */
  last_active_at: number | null
  /** Unix milliseconds. */
  last_sign_in_at: number | null
  /** Unix milliseconds. */
  legal_accepted_at: number | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface SCIMUserMetadataJSON {
  directory_id: string
  directory_enabled?: boolean
  external_id: string | null
}

/** The algorithms of `password_digest`. */
export type PasswordHasher =
  | 'argon2i'
  | 'argon2id'
  | 'awscognito'
  | 'bcrypt'
  | 'bcrypt_peppered'
  | 'bcrypt_sha256_django'
  | 'bcrypt_wordpress'
  | 'hmac_sha256_utf16_b64'
  | 'ldap_ssha'
  | 'md5'
  | 'md5_phpass'
  | 'md5_salted'
  | 'pbkdf2_sha1'
  | 'pbkdf2_sha256'
  | 'pbkdf2_sha256_django'
  | 'pbkdf2_sha512'
  | 'pbkdf2_sha512_hex'
  | 'phpass'
  | 'scrypt_better_auth'
  | 'scrypt_firebase'
  | 'scrypt_werkzeug'
  | 'sha256'
  | 'sha256_salted'
  | 'sha512_symfony'

/** What creating and updating a user have in common. */
interface WritableUserJSON {
  external_id?: string | null
  first_name?: string | null
  last_name?: string | null
  /** BCP 47, such as `en-US`. */
  locale?: string | null
  username?: string | null
  /** At least 8 characters unless the checks are skipped. */
  password?: string | null
  password_digest?: string | null
  /** Needed with `password_digest`. One of {@link PasswordHasher}. */
  password_hasher?: string
  skip_password_checks?: boolean | null
  /** Base32; 30 seconds, 6 digits, SHA-1. */
  totp_secret?: string | null
  /** Plain, or bcrypt digests. */
  backup_codes?: string[]
  public_metadata?: UserPublicMetadata & Metadata
  private_metadata?: UserPrivateMetadata & Metadata
  unsafe_metadata?: UserUnsafeMetadata & Metadata
  delete_self_enabled?: boolean | null
  create_organization_enabled?: boolean | null
  /** 0 means no limit. */
  create_organizations_limit?: number | null
  /** RFC 3339. */
  legal_accepted_at?: string | null
  skip_legal_checks?: boolean | null
  /** RFC 3339. */
  created_at?: string | null
  bypass_client_trust?: boolean | null
}

export interface CreateUserJSON extends WritableUserJSON {
  /** The first becomes the primary address. */
  email_address?: string[]
  /** One for each address, in order. Default is `verified`. */
  email_address_identification_status?: IdentificationStatus[]
  /** In E.164 form; the first becomes the primary number. */
  phone_number?: string[]
  /** One for each number, in order. Default is `verified`. */
  phone_number_identification_status?: IdentificationStatus[]
  /** The first becomes the primary wallet. */
  web3_wallet?: string[]
  skip_password_requirement?: boolean | null
  /** Creates a user without any of the identifiers that the instance requires. */
  skip_user_requirement?: boolean | null
  banned?: boolean | null
  locked?: boolean | null
}

/**
 * Up to API version 2025-11-10 it accepts metadata, and replaces each given field completely. Later versions refuse
 * metadata here.
 */
export interface UpdateUserJSON extends WritableUserJSON {
  /** Must be verified and belong to the user. */
  primary_email_address_id?: string | null
  /** Notifies the previous primary address of the change. Default is false. */
  notify_primary_email_address_changed?: boolean | null
  /** Must be verified and belong to the user. */
  primary_phone_number_id?: string | null
  /** Must be verified and belong to the user. */
  primary_web3_wallet_id?: string | null
  profile_image_id?: string | null
  /** Only together with `password`. */
  sign_out_of_other_sessions?: boolean | null
}

/** `PATCH` merges deeply and null deletes a key; `PUT` replaces each given field completely. */
export interface UserMetadataJSON {
  public_metadata?: UserPublicMetadata & Metadata
  private_metadata?: UserPrivateMetadata & Metadata
  unsafe_metadata?: UserUnsafeMetadata & Metadata
}

/** Body of `POST /users/ban` and `POST /users/unban`. */
export interface UserIdsJSON {
  /** 1 to 50. */
  user_ids: string[]
}

export interface VerifyPasswordJSON {
  password: string
}

export interface VerifyTOTPJSON {
  /** A code of the authenticator app, or a backup code, which is used up by this. */
  code: string
}

export interface VerifiedPasswordJSON {
  verified: boolean
}

export interface VerifiedTOTPJSON {
  verified: boolean
  code_type: 'totp' | 'backup_code'
}

/** Answer to the removal of a user's second factors. */
export interface UserIdJSON {
  user_id: string
}

export interface RemoveUserPasswordJSON {
  /** Default is false. */
  sign_out_of_other_sessions?: boolean
}

export interface SetPasswordCompromisedJSON {
  revoke_all_sessions?: boolean | null
}
