/** What holds for all OAuth applications of an instance. */
export interface OAuthApplicationSettings {
  /** RFC 7591: anybody may register a client. */
  dynamicOauthClientRegistration: boolean
  /** Scopes of the instance's own, beside the built-in ones. No operation sets them; a seed does. */
  customScopes: string[]
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
  customScopes: [],
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

/** Scopes that the instance knows. */
export function knownScopes({ customScopes }: OAuthApplicationSettings): readonly string[] {
  return [...OAUTH_SCOPES, ...customScopes]
}

/** A scope as RFC 6749 has it, section 3.3. */
export function isScope(text: string): boolean {
  return /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/.test(text)
}
