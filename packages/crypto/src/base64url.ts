import { node } from './runtime.js'

/** Encodes bytes, or a string as UTF-8, without padding (RFC 4648, section 5). */
export function encodeBase64url(data: string | Uint8Array): string {
  if (node) {
    const { Buffer } = node.buffer
    return (typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength)).toString('base64url')
  }
  let binary = ''
  for (const byte of typeof data === 'string' ? new TextEncoder().encode(data) : data) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/**
 * Decodes unpadded base64url. Each byte sequence has exactly one accepted spelling, so a signature cannot be
 * rewritten and stay valid.
 *
 * @returns The bytes, or `null` for any other character, padding, a wrong length or unused bits that are not zero.
 */
export function decodeBase64url(text: string): Uint8Array | null {
  const rest = text.length % 4
  // Bits that are left over are zero in one of several spellings; the alphabets of base64 differ in two characters.
  if ((rest > 0 && !LAST_CHARACTERS[rest]!.includes(text.at(-1)!)) || text.includes('+') || text.includes('/')) return null
  const bytes = node ? node.buffer.Buffer.from(text, 'base64url') : fromBase64(text)
  // What a decoder skips is missing at the end.
  return bytes?.length === Math.floor(text.length * 0.75) ? bytes : null
}

/** Decodes unpadded base64url of UTF-8 text; null for what is neither. */
export function decodeText(text: string): string | null {
  const bytes = decodeBase64url(text)
  if (!bytes) return null
  if (node) return node.buffer.isUtf8(bytes) ? (bytes as Buffer).toString() : null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Decodes standard base64 or base64url; null for what is neither. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    return Uint8Array.from(binary, (character) => character.charCodeAt(0))
  } catch {
    return null
  }
}

/** By the length of the last group: what its last character may be. */
const LAST_CHARACTERS = ['', '', 'AQgw', 'AEIMQUYcgkosw048']
