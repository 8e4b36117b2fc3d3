import * as crypto from '@latchkey/crypto'
import type { DecodedJwt, JwtClaims, KeyMaterial, SignJwtOptions } from '@latchkey/crypto'
import { toTokenError } from './token-errors.js'

/** What every verification can ask of a token. */
export interface TokenRules {
  /** One of these must be in `aud`, where the token has one. Default: not checked. */
  audience?: string | string[]
  /** Refuses a token without `aud` when `audience` is set. Default false. */
  requireAudience?: boolean
  /** `azp`, the origin of the browser, must be one of these. Default: not checked. */
  authorizedParties?: string[]
  /** `iss` must be one of these. Default: not checked. */
  issuer?: string | string[]
  /** How far the issuer's clock may be from ours, in milliseconds. Default 5000. */
  clockSkewInMs?: number
  /** What `typ` in the header may be. Default `JWT` or none. */
  headerType?: string | string[]
}

export interface VerifyJwtOptions extends TokenRules {
  /** The public key: PEM, JWK, `KeyObject` or `CryptoKey`. */
  key: crypto.VerifyJwtOptions['key']
  /** What `cat` in the header may be; `undefined` stands for a header without it. Default: anything. */
  category?: crypto.VerifyJwtOptions['category']
}

/**
 * Verifies a token of any kind and returns its claims.
 *
 * @throws {TokenVerificationError} with the reason of the first rule that is not met.
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

/** What is asked for, in milliseconds, unless it is no number. */
export function clockSkewOf(clockSkewInMs: number | undefined): number {
  return Number.isFinite(clockSkewInMs) ? clockSkewInMs! : crypto.DEFAULT_CLOCK_SKEW * 1000
}

/**
 * Takes a token apart without verifying it: nothing in the result may be trusted.
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
 * Whether a decoded token was signed with the private half of this key; nothing else of it is checked.
 *
 * @throws {TokenVerificationError} when the key is none, or not for the token's algorithm.
 */
export async function hasValidSignature(jwt: DecodedJwt, key: KeyMaterial): Promise<boolean> {
  try {
    return await crypto.hasValidSignature(jwt, key)
  } catch (error) {
    throw toTokenError(error)
  }
}

/** A token that could not be signed: the key is none, or not for the algorithm. */
export class SignJWTError extends Error {}

/**
 * Signs claims. `iat` is the present time unless they say another; no other time is added. For tests, and for issuers of
 * one's own.
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
