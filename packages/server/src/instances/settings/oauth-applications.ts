/** What holds for all OAuth applications of an instance. */
export interface OAuthApplicationSettings {
  /** RFC 7591: anybody may register a client. */
  dynamicOauthClientRegistration: boolean
  /** Of a client that asks for none. Null for the built-in ones. */
  defaultScopes: string[] | null
  /** RFC 9068. Otherwise access tokens are opaque. */
  oauthJwtAccessTokens: boolean
  /** A client may be the URL of its metadata. */
  clientIdMetadataDocumentsAdvertised: boolean
  /** Only those that have connected before, or were registered. */
  clientIdMetadataDocumentsOnlyAllowPreRegisteredClients: boolean
  /** Not even those that have connected before without being registered. */
  clientIdMetadataDocumentsBlockImplicitlyAllowedClients: boolean
}

export const defaultOAuthApplications: OAuthApplicationSettings = {
  dynamicOauthClientRegistration: false,
  defaultScopes: null,
  oauthJwtAccessTokens: true,
  clientIdMetadataDocumentsAdvertised: false,
  clientIdMetadataDocumentsOnlyAllowPreRegisteredClients: false,
  clientIdMetadataDocumentsBlockImplicitlyAllowedClients: false,
}

/** Scopes that every instance knows. */
export const OAUTH_SCOPES: readonly string[] = [
  'openid',
  'offline_access',
  'profile',
  'email',
  'public_metadata',
  'private_metadata',
  'user:org:read',
]
