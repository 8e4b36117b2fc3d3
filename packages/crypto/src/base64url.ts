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
  if (!isCanonical(text)) return null
  return node ? node.buffer.Buffer.from(text, 'base64url') : fromBase64(text)
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

/** Decodes standard base64 or base64url, which must be well-formed. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index)
  return bytes
}

/** By the length of the last group: what its last character may be, so that no bit is left over. */
const LAST_CHARACTERS = ['', '', 'AQgw', 'AEIMQUYcgkosw048']

function isCanonical(text: string): boolean {
  const rest = text.length % 4
  return !/[^\w-]/.test(text) && (rest === 0 || LAST_CHARACTERS[rest]!.includes(text.at(-1)!))
}
