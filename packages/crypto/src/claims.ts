import type { JwtClaims } from './decode-jwt.js'
import { JwtError, type JwtErrorCode } from './jwt-error.js'

/** How far two clocks may be apart, in seconds. */
export const DEFAULT_CLOCK_SKEW = 5

export interface ClaimRules {
  /** One of these must be in `aud`. Default, and for an empty list: not checked. */
  audience?: string | readonly string[]
  /** `azp` must be one of these. Default, and for an empty list: not checked. */
  authorizedParties?: readonly string[]
  /** `iss` must be one of these. Default, and for an empty list: not checked. */
  issuer?: string | readonly string[]
  /** How far the issuer's clock may be from ours, in seconds. Default 5. */
  clockSkew?: number
  /** The time to verify at, in Unix milliseconds. Default is the current time. */
  now?: number
}

/** Checks the claims of a token whose signature is good. */
export function checkClaims(claims: JwtClaims, rules: ClaimRules): void {
  const { clockSkew = DEFAULT_CLOCK_SKEW, now = Date.now() } = rules
  const seconds = now / 1000
  checkSubject(claims)
  checkAudience(claims, wanted(rules.audience))
  checkAuthorizedParty(claims, wanted(rules.authorizedParties))
  checkIssuer(claims, wanted(rules.issuer))
  checkExpiration(claims, seconds - clockSkew)
  checkNotBefore(claims, seconds + clockSkew)
  checkIssuedAt(claims, seconds + clockSkew)
}

function checkSubject({ sub }: JwtClaims): void {
  if (typeof sub !== 'string' || sub === '') {
    throw new JwtError('claim_invalid', `Subject claim (sub) is required and must be a string, got ${JSON.stringify(sub)}.`)
  }
}

function checkAudience({ aud }: JwtClaims, audience: readonly string[]): void {
  if (audience.length === 0) return
  const audiences: unknown[] = Array.isArray(aud) ? aud : [aud]
  if (!audiences.some((value) => typeof value === 'string' && audience.includes(value))) {
    throw mismatch('audience_invalid', 'audience claim (aud)', aud, audience)
  }
}

function checkAuthorizedParty({ azp }: JwtClaims, parties: readonly string[]): void {
  if (parties.length === 0) return
  if (typeof azp !== 'string' || !parties.includes(azp)) {
    throw mismatch('authorized_party_invalid', 'authorized party claim (azp)', azp, parties)
  }
}

function checkIssuer({ iss }: JwtClaims, issuers: readonly string[]): void {
  if (issuers.length === 0) return
  if (typeof iss !== 'string' || !issuers.includes(iss)) {
    throw mismatch('issuer_invalid', 'issuer claim (iss)', iss, issuers)
  }
}

function checkExpiration({ exp }: JwtClaims, earliest: number): void {
  if (!isTime(exp)) throw notATime('expiry claim (exp)', exp)
  if (exp <= earliest) throw new JwtError('token_expired', `The token expired at ${toDate(exp)}.`)
}

function checkNotBefore({ nbf }: JwtClaims, latest: number): void {
  if (nbf === undefined) return
  if (!isTime(nbf)) throw notATime('not-before claim (nbf)', nbf)
  if (nbf > latest) throw new JwtError('token_not_active_yet', `The token is not active before ${toDate(nbf)}.`)
}

function checkIssuedAt({ iat }: JwtClaims, latest: number): void {
  if (iat === undefined) return
  if (!isTime(iat)) throw notATime('issued-at claim (iat)', iat)
  if (iat > latest) throw new JwtError('token_issued_in_future', `The token was issued in the future, at ${toDate(iat)}.`)
}

function wanted(values: string | readonly string[] | undefined): readonly string[] {
  if (values === undefined || values === '') return []
  return typeof values === 'string' ? [values] : values
}

/** `1e999` is valid JSON and parses as infinity. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function toDate(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString()
}

function notATime(claim: string, value: unknown): JwtError {
  return new JwtError('claim_invalid', `Invalid JWT ${claim} ${JSON.stringify(value)}, expected a number of seconds.`)
}

function mismatch(code: JwtErrorCode, claim: string, value: unknown, expected: readonly string[]): JwtError {
  return new JwtError(code, `Invalid JWT ${claim} ${JSON.stringify(value)}, expected ${JSON.stringify(expected)}.`)
}
