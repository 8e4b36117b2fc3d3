import type { Metadata } from './metadata.js'
import type { ResourceJSON } from './resource.js'
import type { VerificationJSON } from './verification.js'

/** The account of a user at another provider. Facebook and Google accounts have the two older tags. */
export interface ExternalAccountJSON extends ResourceJSON<'external_account' | 'facebook_account' | 'google_account'> {
  /** Such as `oauth_google`. */
  provider: string
  /**
   * `eac_…`, the id to delete the account with. Only on accounts whose `id` is the identification's. Not in the API
   * description.
   */
  external_account_id?: string
  identification_id: string
  provider_user_id: string
  /** Scopes, separated by spaces. */
  approved_scopes: string
  email_address: string
  email_address_verified?: boolean | null
  first_name: string
  last_name: string
  /** @deprecated Use `image_url`. */
  avatar_url?: string
  image_url?: string
  username: string | null
  phone_number: string | null
  public_metadata: Metadata
  label: string | null
  verification: VerificationJSON | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

/** A token of the user at another provider, for calls to that provider. */
export interface OauthAccessTokenJSON {
  object: 'oauth_access_token'
  external_account_id: string
  provider_user_id: string
  token: string
  /** Such as `oauth_google`. */
  provider: string
  public_metadata: Metadata
  label: string | null
  scopes?: string[]
  id_token?: string
  /** OAuth 1.0 only. */
  token_secret?: string
  /** Unix milliseconds; null when the token does not expire. */
  expires_at: number | null
}
