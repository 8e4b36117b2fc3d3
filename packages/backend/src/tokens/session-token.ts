import { snapshotOf } from '@latchkey/crypto'
import type { SessionClaims, SessionTokenCategory } from '@latchkey/types'
import type { RequestOptions } from '../core/options.js'
import { clockSkewOf, verifyJwt, type TokenRules, type VerifyJwtOptions } from './jwt.js'
import { createInstanceKeySet, keySetOf, type FetchKeys } from './key-sets.js'
import { tokenCacheOf, type Scope, type TokenCacheOption } from './token-cache.js'
import { ENSURE_CLERK_JWT, SET_JWT_KEY, TokenVerificationError } from './token-errors.js'

export interface VerifyTokenOptions extends TokenRules, Pick<RequestOptions, 'apiUrl' | 'apiVersion' | 'fetch'> {
  /** How long fetching the key set may take in total, in milliseconds. 0 means no limit. Default 10 seconds. */
  timeout?: number
  /** The instance's public key. With it, no request is sent. */
  jwtKey?: VerifyJwtOptions['key']
  /** Used to fetch the instance's key set if there is no `jwtKey`. */
  secretKey?: string
  /** Fetches the key set for this one call. Default is false: it is kept for five minutes. */
  skipJwksCache?: boolean
  /** @deprecated Has no effect, as in `@clerk/backend`: a key set is kept for five minutes. */
  jwksCacheTtlInMs?: number
  /** Caches verified tokens until they expire. Default is `{ max: 10_000 }`; false verifies a token each time. */
  tokenCache?: TokenCacheOption
  /** Called when the issuer's keys could not be fetched and the previous ones stay in use. */
  onWarning?: (error: Error) => void
}

const SESSION_TOKEN: SessionTokenCategory = 'cl_B7d4PD111AAA'

/** The category of a token whose kind does not matter to verifiers. */
const ANY_CATEGORY = 'cl_I7d4PD111III'

/** `undefined`, because tokens minted before categories existed, and tokens of custom issuers, have none. */
export const SESSION_CATEGORIES = [SESSION_TOKEN, ANY_CATEGORY, undefined]

/** Verifies a session token and returns its claims; the caller says how the keys of its instance are fetched. */
export async function verifySessionToken(
  token: string,
  options: VerifyTokenOptions,
  fetchKeys: FetchKeys,
): Promise<SessionClaims> {
  const cache = options.skipJwksCache || typeof token !== 'string' ? null : tokenCacheOf(options.tokenCache)
  if (!cache) return verify(token, options, fetchKeys)
  const name = await cache.nameOf(token, scopeOf(options))
  const known = cache.get(name, Date.now())
  if (known) return known
  const claims = await verify(token, options, fetchKeys)
  cache.set(name, claims, clockSkewOf(options.clockSkewInMs))
  return claims
}

async function verify(token: string, options: VerifyTokenOptions, fetchKeys: FetchKeys): Promise<SessionClaims> {
  // Listed one by one: on Node 20, copying the options would take a twentieth of a verification's time.
  const { audience, requireAudience, authorizedParties, issuer, clockSkewInMs, headerType } = options
  const key = keyFrom(options, fetchKeys)
  const rules = {
    key,
    audience,
    requireAudience,
    authorizedParties,
    issuer,
    clockSkewInMs,
    headerType,
    category: SESSION_CATEGORIES,
  }
  const claims = await verifyJwt(token, rules)
  // Tokens of machines may have no category, like session tokens that were minted before categories existed.
  if (isMachine(claims.sub)) {
    throw new TokenVerificationError({
      reason: 'token-invalid',
      action: ENSURE_CLERK_JWT,
      message: 'The token belongs to a machine. It does not prove a session.',
    })
  }
  return claims as unknown as SessionClaims
}

/** Whether the subject of a token is a machine, not a user. */
export function isMachine(subject: unknown): boolean {
  return typeof subject === 'string' && subject.startsWith('mch_')
}

function scopeOf(options: VerifyTokenOptions): Scope {
  return [
    options.jwtKey,
    // A JWK may be changed in place.
    snapshotOf(options.jwtKey),
    options.secretKey,
    options.apiUrl,
    options.apiVersion,
    options.fetch,
    options.audience,
    options.requireAudience,
    options.authorizedParties,
    options.issuer,
    options.clockSkewInMs,
    options.headerType,
  ]
}

/** Where the key of an instance's tokens comes from. */
export function keyFrom(options: VerifyTokenOptions, fetchKeys: FetchKeys): VerifyJwtOptions['key'] {
  if (options.jwtKey) return options.jwtKey
  if (options.secretKey) {
    const keySet = options.skipJwksCache ? createInstanceKeySet(options, fetchKeys) : keySetOf(options, fetchKeys)
    return keySet.keyFor
  }
  throw new TokenVerificationError({
    reason: 'jwk-failed-to-resolve',
    action: SET_JWT_KEY,
    message: 'There is no key to verify the token with.',
  })
}
