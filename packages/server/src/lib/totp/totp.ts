import { Secret, TOTP } from 'otpauth'
import type { Random } from '../../kernel/runtime.js'

export const TOTP_CODE_LENGTH = 6
/** Seconds that a code is shown. */
const PERIOD = 30
/** Periods before and after the current one whose codes are taken too: clocks differ, and typing takes time. */
const WINDOW = 1

/** In bytes. No authenticator was ever given fewer than 80 bits; the upper bound limits invalid input. */
const MIN_SECRET_BYTES = 10
const MAX_SECRET_BYTES = 128

/** A new secret of 160 bits, as RFC 4226 recommends, in base32. */
export function generateTotpSecret(random: Random): string {
  return new Secret({ buffer: Uint8Array.from(random.bytes(20)).buffer }).base32
}

/**
 * The secret as it is stored (upper case, no spaces, no padding), or undefined if it is not base32 of an acceptable
 * length. Secrets reach us typed from other systems' pages, hence the spaces, dashes and lower case.
 */
export function readTotpSecret(input: string): string | undefined {
  const base32 = input.replace(/[\s-]/g, '').replace(/=+$/, '').toUpperCase()
  const bytes = Math.floor((base32.length * 5) / 8)
  return /^[A-Z2-7]+$/.test(base32) && bytes >= MIN_SECRET_BYTES && bytes <= MAX_SECRET_BYTES ? base32 : undefined
}

/**
 * Which time step (number of 30-second periods since 1970) the code belongs to, or undefined when it is not valid now.
 * A code may be spent once: the caller takes it only where the step is later than the last one that was taken.
 */
export function totpStep(secret: string, code: string, now: number): number | undefined {
  const digits = code.replace(/\s/g, '')
  if (!/^\d{6}$/.test(digits)) return undefined
  const key = Secret.fromBase32(secret)
  const totp = new TOTP({ secret: key, algorithm: 'SHA1', digits: TOTP_CODE_LENGTH, period: PERIOD })
  const delta = totp.validate({ token: digits, timestamp: now, window: WINDOW })
  return delta === null ? undefined : Math.floor(now / 1000 / PERIOD) + delta
}

/** What an authenticator app reads from a QR code. */
export function totpUri(secret: string, { issuer, account }: { issuer: string; account: string }): string {
  const label = account === '' ? issuer : account
  return new TOTP({
    secret: Secret.fromBase32(secret),
    issuer,
    label,
    digits: TOTP_CODE_LENGTH,
    period: PERIOD,
  }).toString()
}
