import type { Metadata } from './metadata.js'
import type { OrganizationCustomPermissionKey, OrganizationCustomRoleKey } from './organizations.js'

export interface TokenJSON {
  object: 'token'
  jwt: string
}

export interface CookiesJSON {
  object: 'cookies'
  /** Values for `Set-Cookie` headers. */
  cookies: string[]
}

/** Category of a token, in its header. It prevents a token of one kind from being accepted as another. */
export type SessionTokenCategory = 'cl_B7d4PD111AAA'
export type TemplateTokenCategory = 'cl_B7d4PD222AAA'
export type M2MTokenCategory = 'cl_B7d4PD333AAA'
export type TokenCategory = SessionTokenCategory | TemplateTokenCategory | M2MTokenCategory

export interface JwtHeader {
  alg: string
  typ?: string
  kid: string
  cat?: TokenCategory | (string & {})
  cty?: string
  crit?: string[]
  jku?: string
  x5u?: string | string[]
  x5t?: string
  'x5t#S256'?: string
  x5c?: string | string[]
}

/** Who acts as the subject of a token (RFC 8693). */
export interface ActClaim {
  sub: string
  type?: 'agent'
  [claim: string]: unknown
}

/** Claims that both versions of a session token have. Times are Unix seconds. */
export interface SessionClaimsBase {
  /** `https://<frontend host>`, without a trailing slash. */
  iss: string
  /** Id of the user. */
  sub: string
  /** Id of the session. */
  sid: string
  iat: number
  nbf: number
  exp: number
  /** Origin of the browser; absent from tokens minted through the Backend API. */
  azp?: string
  act?: ActClaim
  /** Minutes since the first and the second factor were verified; -1 if never. */
  fva?: [firstFactorAge: number, secondFactorAge: number]
}

/** Session token up to API version 2025-03-12. */
export interface SessionClaimsV1 extends SessionClaimsBase {
  v?: undefined
  /** Where the session is pending. */
  sts?: 'pending'
  org_id?: string
  org_slug?: string
  org_role?: OrganizationCustomRoleKey
  org_permissions?: OrganizationCustomPermissionKey[]
}

/** Session token from API version 2025-04-10 on. */
export interface SessionClaimsV2 extends SessionClaimsBase {
  v: 2
  jti: string
  /** Status of the session. */
  sts: 'active' | 'pending'
  /** The active organization. */
  o?: OrganizationClaim
  /** Plans, such as `u:free,o:pro`. */
  pla?: string
  /** Features, such as `o:widgets,u:search`. */
  fea?: string
}

/** The active organization of a session, in compact form. */
export interface OrganizationClaim {
  id: string
  /** Slug. */
  slg?: string
  /** Role without its `org:`. */
  rol?: string
  /** Permissions, separated by commas. */
  per?: string
  /** For each feature of `fea`, the permissions as the bits of a number, separated by commas. */
  fpm?: string
}

/** The claims of a session token. A custom claim is `unknown` until it is declared in `CustomJwtSessionClaims`. */
export type SessionClaims = (SessionClaimsV1 | SessionClaimsV2) & CustomJwtSessionClaims & Metadata

/** The claims of a JWT template's token, in addition to the template's own. Times are Unix seconds. */
export interface TemplateClaims {
  iss: string
  sub: string
  jti: string
  iat: number
  nbf: number
  exp: number
  azp?: string
  [claim: string]: unknown
}
