import type { SessionClaims, SessionTokenCategory } from '@latchkey/types'
import { TokenVerificationError, TokenVerificationErrorAction } from './tokens/token-errors.js'
import { createInstanceKeySet, keySetOf } from './tokens/key-sets.js'
import { verifyJwt, type TokenRules, type VerifyJwtOptions } from './tokens/jwt.js'
import type { RequestOptions } from './core/request.js'

export interface VerifyTokenOptions extends TokenRules, Pick<RequestOptions, 'apiUrl' | 'apiVersion' | 'fetch' | 'timeout'> {
  /** The instance's public key. With it no request is made. */
  jwtKey?: VerifyJwtOptions['key']
  /** Used to fetch the instance's key set, where there is no `jwtKey`. */
  secretKey?: string
  /** Fetches the key set for this one call. Default is false: it is kept for five minutes. */
  skipJwksCache?: boolean
  /** @deprecated Has no effect, as in `@clerk/backend`: a key set is kept for five minutes. */
  jwksCacheTtlInMs?: number
}

const SESSION_TOKEN: SessionTokenCategory = 'cl_B7d4PD111AAA'

/** Tells verifiers that the kind of the token does not matter. */
const ANY_CATEGORY = 'cl_I7d4PD111III'

/** Tokens minted before there were categories, and those of custom issuers, have none. */
const ACCEPTED_CATEGORIES = [SESSION_TOKEN, ANY_CATEGORY, undefined]

/**
 * Verifies a session token and returns its claims. Tokens of JWT templates and of machines are refused: what they say was
 * chosen by someone else.
 *
 * @throws {TokenVerificationError} with `reason`, and `action` where something can be done.
 */
export async function verifyToken(token: string, options: VerifyTokenOptions): Promise<SessionClaims> {
  const { audience, authorizedParties, issuer, clockSkewInMs, headerType } = options
  const rules = { audience, authorizedParties, issuer, clockSkewInMs, headerType, category: ACCEPTED_CATEGORIES }
  return (await verifyJwt(token, { ...rules, key: keyFrom(options) })) as unknown as SessionClaims
}

function keyFrom(options: VerifyTokenOptions): VerifyJwtOptions['key'] {
  if (options.jwtKey) return options.jwtKey
  if (options.secretKey) return (options.skipJwksCache ? createInstanceKeySet(options) : keySetOf(options)).keyFor
  throw new TokenVerificationError({
    reason: 'jwk-failed-to-resolve',
    action: TokenVerificationErrorAction.SetClerkJWTKey,
    message: 'There is no key to verify the token with.',
  })
}
