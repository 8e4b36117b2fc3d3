import { xchacha20poly1305 } from '@noble/ciphers/chacha'
import { hkdf } from '@noble/hashes/hkdf'
import { hmac } from '@noble/hashes/hmac'
import { sha256 } from '@noble/hashes/sha2'

// Not WebCrypto: getAuth() is synchronous in every runtime, and WebCrypto only returns promises.

const encoder = new TextEncoder()

/** Length of the nonce in bytes. It precedes the sealed text. */
const NONCE = 24

const PURPOSE = 'latchkey nextjs request data'

/** HMAC-SHA256, in hexadecimal. */
export function sign(parts: string[], secret: string): string {
  return toHex(hmac(sha256, encoder.encode(secret), encoder.encode(JSON.stringify(parts))))
}

/** Compares in constant time. */
export function isSignedWith(parts: string[], secret: string, signature: string): boolean {
  const expected = sign(parts, secret)
  if (expected.length !== signature.length) return false
  let difference = 0
  for (let index = 0; index < expected.length; index++)
    difference |= expected.charCodeAt(index) ^ signature.charCodeAt(index)
  return difference === 0
}

/**
 * Encrypts and authenticates a value as JSON, in hexadecimal. XChaCha20-Poly1305; the key is derived from the secret
 * with HKDF.
 */
export function seal(value: unknown, secret: string): string {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE))
  return toHex(nonce) + toHex(cipher(secret, nonce).encrypt(encoder.encode(JSON.stringify(value))))
}

/** @throws {Error} when it was not sealed with this secret. */
export function unseal(sealed: string, secret: string): unknown {
  const bytes = fromHex(sealed)
  const text = cipher(secret, bytes.subarray(0, NONCE)).decrypt(bytes.subarray(NONCE))
  return JSON.parse(new TextDecoder().decode(text))
}

function cipher(secret: string, nonce: Uint8Array) {
  return xchacha20poly1305(hkdf(sha256, encoder.encode(secret), undefined, PURPOSE, 32), nonce)
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function fromHex(text: string): Uint8Array {
  if (!/^(?:[\da-f]{2})+$/.test(text)) throw new Error('The sealed text is not hexadecimal.')
  return Uint8Array.from(text.match(/../g)!, (byte) => Number.parseInt(byte, 16))
}
