import type { OrganizationInvitationStatus, PasswordHasher } from '@latchkey/types'
import type { PageParams } from '../core/pages.js'

/**
 * Filters of users. All given filters must match. A list, of at most 100 values, matches if any of its values does. An
 * empty list matches no user.
 */
export interface UserCountParams {
  emailAddress?: string[]
  phoneNumber?: string[]
  username?: string[]
  web3Wallet?: string[]
  /** Prefix `-` to exclude one. */
  userId?: string[]
  /** Prefix `-` to exclude one. */
  externalId?: string[]
  /** Lists the members of any of these; prefix `-` to exclude the members of one. */
  organizationId?: string[]
  /** Part of an address, number, username, wallet, id or name. */
  query?: string
  emailAddressQuery?: string
  phoneNumberQuery?: string
  usernameQuery?: string
  nameQuery?: string
  banned?: boolean
  /** Such as `oauth_google`; needs `providerUserId`. */
  provider?: string
  providerUserId?: string[]
  /** @deprecated Use `lastActiveAtAfter`. */
  last_active_at_since?: number
  /** This and the following are in Unix milliseconds. */
  lastActiveAtBefore?: number
  lastActiveAtAfter?: number
  createdAtBefore?: number
  createdAtAfter?: number
  lastSignInAtBefore?: number
  lastSignInAtAfter?: number
}

type UserOrder =
  | 'created_at'
  | 'updated_at'
  | 'email_address'
  | 'web3wallet'
  | 'first_name'
  | 'last_name'
  | 'phone_number'
  | 'username'
  | 'last_active_at'
  | 'last_sign_in_at'

export interface UserListParams extends UserCountParams, PageParams {
  /** `-` sorts in descending order. Default is `-created_at`. */
  orderBy?: UserOrder | `+${UserOrder}` | `-${UserOrder}`
  /** Id of the last user of the previous page. Unlike `offset`, it is as fast on the last page as on the first. */
  startingAfter?: string
}

export interface UserMetadataParams {
  /** Readable in the browser, writable by backends. */
  publicMetadata?: UserPublicMetadata
  /** Readable and writable by backends only. */
  privateMetadata?: UserPrivateMetadata
  /** Readable and writable in the browser too. */
  unsafeMetadata?: UserUnsafeMetadata
}

interface WritableUserParams extends UserMetadataParams {
  externalId?: string
  username?: string
  firstName?: string
  lastName?: string
  /** BCP 47, such as `en-US`. */
  locale?: string
  /** IANA name, such as `Europe/Athens`. */
  timezone?: string
  /** At least 8 characters unless the checks are skipped. */
  password?: string
  passwordDigest?: string
  /** Needed with `passwordDigest`. */
  passwordHasher?: PasswordHasher
  skipPasswordChecks?: boolean
  skipLegalChecks?: boolean
  legalAcceptedAt?: Date
  /** Base32; 30 seconds, 6 digits, SHA-1. */
  totpSecret?: string
  /** Plain, or bcrypt digests. */
  backupCodes?: string[]
  createdAt?: Date
  deleteSelfEnabled?: boolean
  createOrganizationEnabled?: boolean
  /** 0 means no limit. */
  createOrganizationsLimit?: number
  bypassClientTrust?: boolean
}

export interface CreateUserParams extends WritableUserParams {
  /** The first becomes the primary address. */
  emailAddress?: string[]
  /** One for each address, in order. Default is `verified`. */
  emailAddressIdentificationStatus?: ('verified' | 'reserved')[]
  /** In E.164 form; the first becomes the primary number. */
  phoneNumber?: string[]
  /** One for each number, in order. Default is `verified`. */
  phoneNumberIdentificationStatus?: ('verified' | 'reserved')[]
  /** The first becomes the primary wallet. */
  web3Wallet?: string[]
  skipPasswordRequirement?: boolean
  /** Creates a user without any of the identifiers that the instance requires. */
  skipUserRequirement?: boolean
  banned?: boolean
  locked?: boolean
}

export interface UpdateUserParams extends WritableUserParams {
  /** Must be verified and belong to the user. */
  primaryEmailAddressID?: string
  /** Notifies the previous primary address of the change. Default is false. */
  notifyPrimaryEmailAddressChanged?: boolean
  /** Must be verified and belong to the user. */
  primaryPhoneNumberID?: string
  /** Must be verified and belong to the user. */
  primaryWeb3WalletID?: string
  profileImageID?: string
  /** Only together with `password`. */
  signOutOfOtherSessions?: boolean
}

export interface ReplaceUserEmailAddressParams {
  emailAddress: string
  /** Default is `verified`. */
  identificationStatus?: 'verified' | 'reserved' | 'unverified'
  /** Notifies the previous primary address of the change. Default is false. */
  notifyPrimaryEmailAddressChanged?: boolean
}

export interface ReplaceUserPhoneNumberParams {
  /** In E.164 form. */
  phoneNumber: string
  /** Default is `verified`. */
  identificationStatus?: 'verified' | 'reserved' | 'unverified'
}

export interface GetOrganizationMembershipListParams extends PageParams {
  userId: string
}

export interface GetOrganizationInvitationListParams extends PageParams {
  userId: string
  status?: OrganizationInvitationStatus
}

export interface VerifyPasswordParams {
  userId: string
  password: string
}

export interface VerifyTOTPParams {
  userId: string
  /** A code of the authenticator app, or a backup code. */
  code: string
}

export interface RemovePasswordParams {
  /** Default is false. */
  signOutOfOtherSessions?: boolean
}

export interface SetPasswordCompromisedParams {
  revokeAllSessions?: boolean
}

export interface RevokeUserTrustedDeviceParams {
  userId: string
  trustedDeviceId: string
}

export interface DeleteUserPasskeyParams {
  userId: string
  passkeyIdentificationId: string
}

export interface DeleteWeb3WalletParams {
  userId: string
  web3WalletIdentificationId: string
}

export interface DeleteUserExternalAccountParams {
  userId: string
  externalAccountId: string
}
