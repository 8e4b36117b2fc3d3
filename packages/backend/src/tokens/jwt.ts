import * as crypto from '@latchkey/crypto'
import type { DecodedJwt, JwtClaims, KeyMaterial, SignJwtOptions } from '@latchkey/crypto'
import { toTokenError } from './token-errors.js'

/** Rules that every verification can check. */
export interface TokenRules {
  /** One of these must be in `aud`, if the token has `aud`. Default: not checked. */
  audience?: string | string[]
  /** Refuses a token without `aud` when `audience` is set. Default false. */
  requireAudience?: boolean
  /** `azp`, the origin of the browser, must be one of these. Default: not checked. */
  authorizedParties?: string[]
  /** `iss` must be one of these. Default: not checked. */
  issuer?: string | string[]
  /** How far the issuer's clock may be from ours, in milliseconds. Default 5000. */
  clockSkewInMs?: number
  /** Allowed values of `typ` in the header. Default: `JWT`, or omitted. */
  headerType?: string | string[]
}

export interface VerifyJwtOptions extends TokenRules {
  /** The public key: PEM, JWK, `KeyObject` or `CryptoKey`. */
  key: crypto.VerifyJwtOptions['key']
  /** Allowed values of `cat` in the header; `undefined` allows a header without it. Default: any. */
  category?: crypto.VerifyJwtOptions['category']
}

/**
 * Verifies a token of any kind and returns its claims.
 *
 * @throws {TokenVerificationError} with the reason of the first rule that fails.
 */
export async function verifyJwt(token: string, options: VerifyJwtOptions): Promise<JwtClaims> {
  const { key, category, audience, requireAudience, authorizedParties, issuer, headerType: type } = options
  const clockSkew = clockSkewOf(options.clockSkewInMs) / 1000
  try {
    return await crypto.verifyJwtNow(token, {
      key,
      category,
      audience,
      requireAudience,
      authorizedParties,
      issuer,
      type,
      clockSkew,
    })
  } catch (error) {
    throw toTokenError(error)
  }
}

/** The given clock skew, in milliseconds; the default if it is not a number. */
export function clockSkewOf(clockSkewInMs: number | undefined): number {
  return Number.isFinite(clockSkewInMs) ? clockSkewInMs! : crypto.DEFAULT_CLOCK_SKEW * 1000
}

/**
 * Decodes a token without verifying it: nothing in the result can be trusted.
 *
 * @throws {TokenVerificationError} `token-invalid`.
 */
export function decodeJwt(token: string): DecodedJwt {
  try {
    return crypto.decodeJwt(token)
  } catch (error) {
    throw toTokenError(error)
  }
}

/**
 * Whether a decoded token was signed with the private half of this key. Checks nothing else.
 *
 * @throws {TokenVerificationError} when the key is invalid, or not for the token's algorithm.
 */
export async function hasValidSignature(jwt: DecodedJwt, key: KeyMaterial): Promise<boolean> {
  try {
    return await crypto.hasValidSignature(jwt, key)
  } catch (error) {
    throw toTokenError(error)
  }
}

/** A token could not be signed, because the key is invalid or not for the algorithm. */
export class SignJWTError extends Error {}

/**
 * Signs claims. `iat` defaults to the current time; no other time claim is added. For tests, and for your own issuer.
 *
 * @throws {SignJWTError}
 */
export async function signJwt(payload: object, key: KeyMaterial, options: SignJwtOptions): Promise<string> {
  try {
    return await crypto.signJwt({ iat: Math.floor(Date.now() / 1000), ...payload }, key, options)
  } catch (cause) {
    throw new SignJWTError(cause instanceof Error ? cause.message : 'The token could not be signed.', { cause })
  }
}
