import { errors } from '../../kernel/errors/errors.js'
import type { APIKeyRecord } from './api-keys.table.js'

/** An API key as it is shown. */
export interface APIKey extends APIKeyRecord {
  /** Only where it was just made. */
  secret?: string
}

/** Bytes, as JSON. */
const CLAIMS_LIMIT = 8 * 1024

/** @throws {ApiError} 400 `bad_request` if they are too large */
export function checkClaims(claims: Record<string, unknown> | null | undefined): void {
  if (claims && Buffer.byteLength(JSON.stringify(claims)) > CLAIMS_LIMIT) {
    throw errors.badRequest(`claims must not be larger than ${CLAIMS_LIMIT} bytes`)
  }
}

export function isLive({ revokedAt, expiresAt }: Pick<APIKeyRecord, 'revokedAt' | 'expiresAt'>, now: number): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now)
}

/** Unix milliseconds; null without a lifetime, which is for ever. */
export function expiryOf(secondsUntilExpiration: number | null | undefined, now: number): number | null {
  return secondsUntilExpiration == null ? null : now + Math.ceil(secondsUntilExpiration * 1000)
}
