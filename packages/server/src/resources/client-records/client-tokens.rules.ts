import { LONGEST_SEALED } from '../../instances/tokens.js'
import type { ClientRecord } from './client-records.table.js'

/** Milliseconds: the longest that browsers keep a cookie. */
export const COOKIE_LIFETIME = LONGEST_SEALED

/** The claims of a browser's cookie. @param now Unix milliseconds */
export function clientTokenClaims({ id, rotatingToken }: ClientRecord, now: number) {
  const issuedAt = Math.floor(now / 1000)
  return { sub: id, id, rotating_token: rotatingToken, iat: issuedAt, exp: issuedAt + COOKIE_LIFETIME / 1000 }
}

/**
 * The claims of its cookie at a satellite. It stays the same, as the browser would not learn there of another one, and
 * shows the sessions that there were.
 *
 * @param at the base of the satellite's Frontend API, without a slash at the end
 */
export function satelliteTokenClaims({ id }: ClientRecord, at: string, now: number) {
  const issuedAt = Math.floor(now / 1000)
  return { sub: id, id, at, opened_until: now, iat: issuedAt, exp: issuedAt + COOKIE_LIFETIME / 1000 }
}
