import { platform } from './platform.js'

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
  const bytes = platform.decodeBase64url(text)
  // The decoders skip what they do not know and ignore unused bits; only the canonical spelling comes back the same.
  return bytes && platform.encodeBase64url(bytes) === text ? bytes : null
}
