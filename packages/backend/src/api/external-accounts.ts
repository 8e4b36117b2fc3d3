import type { ExternalAccountJSON, Metadata, OauthAccessTokenJSON } from '@latchkey/types'
import type { Resource } from './resource.js'
import type { Verification } from './verifications.js'

/** The account of a user at another provider. */
export interface ExternalAccount extends Resource<ExternalAccountJSON> {
  /** @deprecated The same as `providerUserId`. */
  externalId: string
  imageUrl: string
  publicMetadata: Metadata
  verification: Verification | null
}

/** A token of the user at another provider, for calls to that provider. */
export interface OauthAccessToken extends Resource<OauthAccessTokenJSON> {
  label: string
}
