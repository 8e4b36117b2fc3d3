import { node } from './runtime.js'

/** Encodes bytes, or a string as UTF-8, without padding (RFC 4648, section 5). */
export function encodeBase64url(data: string | Uint8Array): string {
  if (node) {
    const { Buffer } = node.buffer
    return (typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength)).toString('base64url')
  }
  let binary = ''
  for (const byte of typeof data === 'string' ? new TextEncoder().encode(data) : data) binary += String.fromCharCode(byte)
  return fromBinary(binary)
}

/**
 * Decodes unpadded base64url. Each byte sequence has exactly one accepted spelling, the one that encoding gives, so a
 * signature cannot be rewritten and stay valid.
 *
 * @returns The bytes, or `null` for any other character, padding, a wrong length or unused bits that are not zero.
 */
export function decodeBase64url(text: string): Uint8Array | null {
  if (node) {
    const bytes = node.buffer.Buffer.from(text, 'base64url')
    return bytes.toString('base64url') === text ? bytes : null
  }
  const binary = toBinary(text)
  return binary === null ? null : toBytes(binary)
}

/** Decodes unpadded base64url of UTF-8 text; null for what is neither. */
export function decodeText(text: string): string | null {
  if (node) {
    const bytes = decodeBase64url(text)
    return bytes && node.buffer.isUtf8(bytes) ? (bytes as Buffer).toString() : null
  }
  const binary = toBinary(text)
  // Most of it is ASCII, which both spell the same.
  if (binary === null || !/[^\0-\x7f]/.test(binary)) return binary
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(toBytes(binary))
  } catch {
    return null
  }
}

function toBinary(text: string): string | null {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    return fromBinary(binary) === text ? binary : null
  } catch {
    return null
  }
}

function fromBinary(binary: string): string {
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** The bytes that stand as characters in what `atob` gives. */
export function toBytes(binary: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index)
  return bytes
}
