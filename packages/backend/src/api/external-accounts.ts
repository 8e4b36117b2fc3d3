import type { ExternalAccountJSON, OauthAccessTokenJSON } from '@latchkey/types'
import { toOptionalVerification, type Verification } from './verifications.js'

/** The account of a user at another provider. */
export interface ExternalAccount {
  id: string
  /** Such as `oauth_google`. */
  provider: string
  providerUserId: string
  identificationId: string
  /** @deprecated The same as `providerUserId`. */
  externalId: string
  /** Scopes, separated by spaces. */
  approvedScopes: string
  emailAddress: string
  firstName: string
  lastName: string
  imageUrl: string
  username: string | null
  phoneNumber: string | null
  publicMetadata: Record<string, unknown> | null
  label: string | null
  verification: Verification | null
  externalAccountId?: string
}

export function toExternalAccount(json: ExternalAccountJSON & { external_account_id?: string }): ExternalAccount {
  return {
    id: json.id,
    provider: json.provider,
    providerUserId: json.provider_user_id,
    identificationId: json.identification_id,
    externalId: json.provider_user_id,
    approvedScopes: json.approved_scopes,
    emailAddress: json.email_address,
    firstName: json.first_name,
    lastName: json.last_name,
    imageUrl: json.image_url ?? '',
    username: json.username,
    phoneNumber: json.phone_number,
    publicMetadata: json.public_metadata ?? {},
    label: json.label,
    verification: toOptionalVerification(json.verification),
    externalAccountId: json.external_account_id,
  }
}

/** A token of the user at another provider, to call that provider with. */
export interface OauthAccessToken {
  externalAccountId: string
  /** Such as `oauth_google`. */
  provider: string
  token: string
  publicMetadata: Record<string, unknown>
  label: string
  scopes?: string[]
  /** OAuth 1.0 only. */
  tokenSecret?: string
  /** Unix milliseconds; null when the token does not expire. */
  expiresAt?: number | null
  idToken?: string
}

export function toOauthAccessToken(json: OauthAccessTokenJSON): OauthAccessToken {
  return {
    externalAccountId: json.external_account_id,
    provider: json.provider,
    token: json.token,
    publicMetadata: json.public_metadata ?? {},
    label: json.label ?? '',
    scopes: json.scopes,
    tokenSecret: json.token_secret,
    expiresAt: json.expires_at,
    idToken: json.id_token,
  }
}
