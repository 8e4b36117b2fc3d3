import type { ResourceJSON } from './resource.js'

/** The providers that the official SDK names. */
export type OAuthProvider =
  | 'facebook'
  | 'google'
  | 'hubspot'
  | 'github'
  | 'tiktok'
  | 'gitlab'
  | 'discord'
  | 'twitter'
  | 'twitch'
  | 'linkedin'
  | 'linkedin_oidc'
  | 'dropbox'
  | 'bitbucket'
  | 'microsoft'
  | 'notion'
  | 'apple'
  | 'x'
export type OAuthStrategy = `oauth_${OAuthProvider}`

/** An application that signs its users in through the instance. */
export interface OAuthApplicationJSON extends ResourceJSON<'oauth_application'> {
  instance_id: string
  name: string
  client_id: string
  client_uri: string | null
  client_image_url: string | null
  dynamically_registered: boolean
  consent_screen_enabled: boolean
  pkce_required: boolean
  public: boolean
  /** Scopes, separated by spaces. */
  scopes: string
  redirect_uris: string[]
  /** @deprecated Use `redirect_uris`. */
  callback_url: string
  authorize_url: string
  token_fetch_url: string
  user_info_url: string
  discovery_url: string
  token_introspection_url: string
  /** Only in the answers to its creation and to the rotation of the secret. */
  client_secret?: string
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

/** An access token that such an application holds for a user. */
export interface IdPOAuthAccessTokenJSON extends ResourceJSON<'clerk_idp_oauth_access_token'> {
  client_id: string
  type?: string
  /** Id of a user. */
  subject: string
  scopes: string[]
  revoked: boolean
  revocation_reason: string | null
  expired: boolean
  /** Unix milliseconds; null when it does not expire. */
  expiration: number | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

/** Answer to the verification of an access token that is unknown, revoked or expired. */
export interface InactiveTokenJSON {
  active: false
}
