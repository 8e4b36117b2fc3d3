import { canonicalDigest } from '../../kernel/canonical-digest.js'
import { errors } from '../../kernel/errors/errors.js'
import { m2mTokenErrors } from './m2m-tokens.errors.js'
import type { M2MTokenRecord } from './m2m-tokens.table.js'

export type Claims = Record<string, unknown>

/** A token as it is shown. A JWT has no row, but the same fields. */
export interface M2MToken extends Omit<M2MTokenRecord, 'hash' | 'sealedToken' | 'fingerprint' | 'instanceId'> {
  /** Only where it was just made. */
  token?: string
}

/** Claims of the token itself. */
const RESERVED = ['iss', 'sub', 'exp', 'nbf', 'iat', 'jti']
/** What receivers read a token's scopes from: no machine decides these for itself. */
const SCOPES = ['aud', 'scopes']
/** Bytes, as JSON. */
const CLAIMS_LIMIT = 8 * 1024

/** The claims that a machine adds to a JWT. */
export function ownClaims(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !SCOPES.includes(name)))
}

/** @throws {ApiError} 400 `machine_token_reserved_claim`, `bad_request` if they are too large */
export function checkClaims(claims: Claims): void {
  const reserved = RESERVED.find((name) => Object.hasOwn(claims, name))
  if (reserved !== undefined) throw m2mTokenErrors.reservedClaim(reserved)
  if (Buffer.byteLength(JSON.stringify(claims)) > CLAIMS_LIMIT) {
    throw errors.badRequest(`claims must not be larger than ${CLAIMS_LIMIT} bytes`)
  }
}

/** Equal for equal claims and scopes, in whatever order they come. */
export function fingerprintOf(claims: Claims | null, scopes: readonly string[]): string {
  return canonicalDigest({ claims, scopes: scopes.toSorted() })
}

export function isLive({ revokedAt, expiresAt }: M2MTokenRecord, now: number): boolean {
  return revokedAt === null && expiresAt > now
}
