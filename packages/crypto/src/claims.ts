import type { JwtClaims } from './decode-jwt.js'
import { JwtError, type JwtErrorCode } from './jwt-error.js'

/** How far two clocks may differ, in seconds. */
export const DEFAULT_CLOCK_SKEW = 5

export interface ClaimRules {
  /** One of these must be in `aud`, if the token has `aud`. Default, and for an empty list: not checked. */
  audience?: string | readonly string[]
  /** Refuses a token without `aud` when `audience` is set. Default false: Clerk's own tokens have none. */
  requireAudience?: boolean
  /** `azp` must be one of these. Default, and for an empty list: not checked. */
  authorizedParties?: readonly string[]
  /** `iss` must be one of these. Default, and for an empty list: not checked. */
  issuer?: string | readonly string[]
  /** How far the issuer's clock may be from ours, in seconds. Default 5. */
  clockSkew?: number
  /** The time to verify at, in Unix milliseconds. Default is the current time. */
  now?: number
}

/** Checks the claims of a token whose signature is valid. */
export function checkClaims(claims: JwtClaims, rules: ClaimRules): void {
  const {
    audience,
    requireAudience,
    authorizedParties,
    issuer,
    clockSkew = DEFAULT_CLOCK_SKEW,
    now = Date.now(),
  } = rules
  const { sub, aud, azp, iss, exp, nbf, iat } = claims
  const earliest = now / 1000 - clockSkew
  const latest = now / 1000 + clockSkew
  if (typeof sub !== 'string' || !sub) throw unexpected('claim_invalid', 'sub', sub, 'a string')
  if (audience?.length && (aud !== undefined || requireAudience))
    checkOneOf('audience_invalid', 'aud', Array.isArray(aud) ? aud : [aud], textsOf(audience))
  if (authorizedParties?.length)
    checkOneOf('authorized_party_invalid', 'azp', [azp || undefined], textsOf(authorizedParties))
  if (issuer?.length) checkOneOf('issuer_invalid', 'iss', [iss], textsOf(issuer))
  if (toTime('exp', exp) <= earliest) throw untimely('token_expired', 'expired at', exp)
  if (nbf !== undefined && toTime('nbf', nbf) > latest)
    throw untimely('token_not_active_yet', 'is not active before', nbf)
  if (iat !== undefined && toTime('iat', iat) > latest)
    throw untimely('token_issued_in_future', 'was issued in the future, at', iat)
}

/**
 * Checks that a claim, or a member of the header, has at least one of the wanted values.
 *
 * @param wanted `undefined` allows a missing value; the message shows it as null.
 */
export function checkOneOf(
  code: JwtErrorCode,
  name: string,
  values: unknown[],
  wanted: string | readonly unknown[],
): void {
  const list = typeof wanted === 'string' ? [wanted] : wanted
  if (!values.some((value) => list.includes(value))) throw unexpected(code, name, values, JSON.stringify(list))
}

/**
 * The wanted values of a claim. A list often holds a variable of the environment: if that is not set, the list has
 * `undefined`, which must not allow a token without the claim.
 */
function textsOf(wanted: string | readonly string[]): string[] {
  return [wanted].flat().filter((value) => typeof value === 'string')
}

/** `1e999` is valid JSON and parses as infinity. */
function toTime(claim: string, value: unknown): number {
  if (!Number.isFinite(value)) throw unexpected('claim_invalid', claim, value, 'a number of seconds')
  return value as number
}

/** @param name Name of a claim, or of a member of the header. */
export function unexpected(code: JwtErrorCode, name: string, value: unknown, expected: string): JwtError {
  return new JwtError(code, `Invalid JWT ${name} ${JSON.stringify(value)}, expected ${expected}.`)
}

function untimely(code: JwtErrorCode, what: string, seconds: number | undefined): JwtError {
  const date = new Date(seconds! * 1000)
  return new JwtError(code, `The token ${what} ${Number.isNaN(+date) ? seconds : date.toISOString()}.`)
}
