import { node } from './runtime.js'

/** Encodes bytes, or a string as UTF-8, without padding (RFC 4648, section 5). */
export function encodeBase64url(data: string | Uint8Array): string {
  if (node) {
    const { Buffer } = node.buffer
    return (
      typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    ).toString('base64url')
  }
  let binary = ''
  for (const byte of typeof data === 'string' ? new TextEncoder().encode(data) : data)
    binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/**
 * Decodes unpadded base64url. Each byte sequence has exactly one accepted encoding, so a signature cannot be rewritten
 * and stay valid.
 *
 * @returns The bytes, or `null` for any other character, padding, a wrong length or unused bits that are not zero.
 */
export function decodeBase64url(text: string): Uint8Array | null {
  if (node) return canonical(node.buffer.Buffer.from(text, 'base64url'), text)
  const binary = toBinary(text)
  return binary === null ? null : toBytes(binary)
}

/** Decodes unpadded base64url of UTF-8 text; null if either encoding is invalid. */
export function decodeText(text: string): string | null {
  if (node) {
    const bytes = decodeBase64url(text)
    return bytes && node.buffer.isUtf8(bytes) ? (bytes as Buffer).toString() : null
  }
  const binary = toBinary(text)
  // Most text is ASCII, where Latin-1 and UTF-8 are the same.
  if (binary === null || !/[^\0-\x7f]/.test(binary)) return binary
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(toBytes(binary))
  } catch {
    return null
  }
}

function toBinary(text: string): string | null {
  try {
    return canonical(atob(text.replaceAll('-', '+').replaceAll('_', '/')), text)
  } catch {
    return null
  }
}

/** Converts the output of `atob`, one character per byte, to bytes. */
export function toBytes(binary: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index)
  return bytes
}

/**
 * Returns the decoded bytes, or null if the text is not their canonical encoding. A decoder is lenient: it accepts both
 * alphabets of base64, skips characters of neither, which makes the output shorter, and drops trailing bits that do not
 * fill a byte.
 */
function canonical<T extends { length: number }>(decoded: T, text: string): T | null {
  const rest = text.length % 4
  const isWhole = decoded.length === (text.length * 3) >> 2 && (!rest || LAST_CHARACTERS[rest]?.includes(text.at(-1)!))
  return isWhole && !text.includes('+') && !text.includes('/') ? decoded : null
}

/** Allowed last characters, by the length of the last group: those whose unused bits are zero. */
const LAST_CHARACTERS: Record<number, string> = { 2: 'AQgw', 3: 'AEIMQUYcgkosw048' }
