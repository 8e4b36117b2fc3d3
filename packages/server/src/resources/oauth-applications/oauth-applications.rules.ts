import { errors, quote } from '../../kernel/errors/errors.js'
import { oauthApplicationErrors } from './oauth-applications.errors.js'
import type { OAuthApplicationRecord } from './oauth-applications.table.js'

/** Characters of a redirect URI. */
const MAX_URI_LENGTH = 1024
const DEFAULT_SCOPES = ['profile', 'email']
/** Schemes that a browser runs or reads itself: a redirect to one would run the caller's code. */
const UNSAFE = ['javascript:', 'data:', 'vbscript:', 'file:', 'blob:', 'filesystem:', 'about:', 'view-source:']

/** Null and absent fields are not given. */
export interface OAuthApplicationFields {
  name?: string | null | undefined
  redirectUris?: string[] | null | undefined
  callbackUrl?: string | null | undefined
  scopes?: string | null | undefined
  consentScreenEnabled?: boolean | null | undefined
  pkceRequired?: boolean | null | undefined
  public?: boolean | null | undefined
}

type Parsed = Pick<
  OAuthApplicationRecord,
  'name' | 'redirectUris' | 'scopes' | 'public' | 'pkceRequired' | 'consentScreenEnabled' | 'dynamicallyRegistered'
>

/** What a new application has before its input. */
export const newApplication: Parsed = {
  name: '',
  redirectUris: [],
  scopes: DEFAULT_SCOPES,
  public: false,
  pkceRequired: false,
  consentScreenEnabled: true,
  dynamicallyRegistered: false,
}

/**
 * An application after the input.
 *
 * @param knownScopes those of the instance
 * @throws {ApiError} 400 `duplicate_record`, `oauth_invalid_scope`; 422 `form_public_client_requires_pkce`,
 *   `oauth_application_consent_screen_cannot_be_disabled`, and for each parameter of a wrong form
 */
export function applyFields(before: Parsed, input: OAuthApplicationFields, knownScopes: readonly string[]): Parsed {
  const isPublic = input.public ?? before.public
  if (isPublic && input.pkceRequired === false) throw oauthApplicationErrors.publicClientRequiresPkce()
  if (before.dynamicallyRegistered && input.consentScreenEnabled === false) {
    throw oauthApplicationErrors.consentCannotBeDisabled()
  }
  return {
    name: input.name == null ? before.name : parseName(input.name),
    redirectUris: redirectUrisAfter(before.redirectUris, input),
    scopes: input.scopes == null ? before.scopes : parseScopes(input.scopes, knownScopes),
    public: isPublic,
    pkceRequired: isPublic || (input.pkceRequired ?? before.pkceRequired),
    consentScreenEnabled: input.consentScreenEnabled ?? before.consentScreenEnabled,
    dynamicallyRegistered: before.dynamicallyRegistered,
  }
}

function parseName(name: string): string {
  const trimmed = name.trim()
  if (trimmed === '') throw errors.paramTooShort('name', 1)
  return trimmed
}

/** `callback_url` is the older name of the first URI: alone it replaces that one. */
function redirectUrisAfter(before: readonly string[], input: OAuthApplicationFields): string[] {
  const callbackUrl = input.callbackUrl == null ? undefined : parseUri(input.callbackUrl, 'callback_url')
  const uris = input.redirectUris?.map((uri) => parseUri(uri, 'redirect_uris'))
  if (!uris) {
    if (callbackUrl === undefined) return [...before]
    return [callbackUrl, ...before.slice(1).filter((uri) => uri !== callbackUrl)]
  }
  const seen = new Set<string>()
  const twice = uris.find((uri) => seen.size === seen.add(uri).size)
  if (twice !== undefined) throw oauthApplicationErrors.duplicateRedirectUri(twice)
  if (callbackUrl !== undefined && callbackUrl !== uris[0]) {
    throw errors.paramValueInvalid('callback_url', 'must be the first of redirect_uris, or left out')
  }
  return uris
}

/** Kept as it was written: the authorization endpoint compares character by character (RFC 9700, section 2.1). */
function parseUri(uri: string, param: 'redirect_uris' | 'callback_url'): string {
  if (uri.length > MAX_URI_LENGTH) throw errors.paramTooLong(param, MAX_URI_LENGTH)
  // The parser of URLs would drop line breaks and white space, so that two different texts were one URI.
  const parsed = /^[\x21-\x7e]+$/.test(uri) && URL.canParse(uri) ? new URL(uri) : undefined
  if (!parsed || UNSAFE.includes(parsed.protocol) || !hasTarget(uri, parsed)) {
    throw errors.paramFormatInvalid(
      param,
      'must be a full URL such as https://my-app.com/oauth/callback or my-app://callback',
    )
  }
  // RFC 6749, section 3.1.2
  if (uri.includes('#')) throw errors.paramFormatInvalid(param, 'must not have a fragment (#)')
  return uri
}

/** The parser takes `https:example.com` too, which readers would not. */
function hasTarget(uri: string, { protocol, hostname }: URL): boolean {
  if (protocol === 'http:' || protocol === 'https:') return /^https?:\/\/[^/\\]/i.test(uri) && hostname !== ''
  return uri.length > protocol.length
}

/** @throws {ApiError} 400 `oauth_invalid_scope` for none, or one that is not known */
export function parseScopes(text: string, known: readonly string[]): string[] {
  const scopes = [...new Set(text.split(/\s+/).filter((scope) => scope !== ''))]
  if (scopes.length === 0) throw oauthApplicationErrors.invalidScope('must have at least one scope')
  const unknown = scopes.find((scope) => !known.includes(scope))
  if (unknown !== undefined) {
    throw oauthApplicationErrors.invalidScope(`has an unknown scope, ${quote(unknown)}. Known are ${known.join(', ')}`)
  }
  return scopes
}
