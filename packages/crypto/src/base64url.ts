import { platform } from './platform.js'

const ALPHABET = /^[A-Za-z0-9_-]*$/

/** The characters whose low 4 bits (index 2) or low 2 bits (index 3) are zero: what a canonical last character may be. */
const CANONICAL_LAST: Record<number, RegExp> = { 2: /[AQgw]$/, 3: /[AEIMQUYcgkosw048]$/ }

/** Encodes bytes, or a string as UTF-8, without padding (RFC 4648, section 5). */
export function encodeBase64url(data: string | Uint8Array): string {
  return platform.encodeBase64url(data)
}

/**
 * Decodes unpadded base64url. Each byte sequence has exactly one accepted spelling, so a signature cannot be
 * rewritten and stay valid.
 *
 * @returns The bytes, or `null` for any other character, padding, a wrong length or unused bits that are not zero.
 */
export function decodeBase64url(text: string): Uint8Array | null {
  const rest = text.length % 4
  if (rest === 1 || !ALPHABET.test(text)) return null
  if (rest > 1 && !CANONICAL_LAST[rest]!.test(text)) return null
  return platform.decodeBase64url(text)
}
