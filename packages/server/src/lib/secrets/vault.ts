import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto'
import type { Random } from '../../kernel/runtime.js'

const ALGORITHM = 'aes-256-gcm'
const NONCE_LENGTH = 12
const TAG_LENGTH = 16

/** A secret cannot be decrypted, or the given key is invalid. */
export class VaultError extends Error {
  override readonly name = 'VaultError'
}

/** Encrypts what must be read back from the database: TOTP secrets, signing keys, tokens of other providers. */
export interface Vault {
  /** @returns `<key id>.<base64url of nonce, ciphertext and tag>` */
  seal(plain: string): string
  /** @throws when it was sealed under another key or has been changed */
  open(sealed: string): string
  /**
   * A digest of a text short enough to guess, such as a code of six digits. Without the encryption key nobody can test
   * guesses against it, even with a copy of the database.
   *
   * @param purpose keeps the digests of one use from being taken for another's
   * @returns base64url of an HMAC-SHA256 under a key derived from the encryption key
   */
  digest(purpose: string, text: string): string
}

/**
 * @param encryptionKey 32 bytes, as base64, base64url or hex. The same on every node.
 */
export function createVault(encryptionKey: string, random: Random): Vault {
  const key = parseEncryptionKey(encryptionKey)
  const keyId = createHash('sha256').update('latchkey encryption key id').update(key).digest('hex').slice(0, 8)
  return {
    seal(plain) {
      const nonce = random.bytes(NONCE_LENGTH)
      const cipher = createCipheriv(ALGORITHM, key, nonce)
      const sealed = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${keyId}.${sealed.toString('base64url')}`
    },
    open(sealed) {
      const [id, text = ''] = sealed.split('.')
      if (id !== keyId)
        throw new VaultError(
          `A secret in the database was sealed under the encryption key ${id}, this server has ${keyId}. Set LATCHKEY_ENCRYPTION_KEY to the one it was written with.`,
        )
      const bytes = Buffer.from(text, 'base64url')
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_LENGTH))
      decipher.setAuthTag(bytes.subarray(-TAG_LENGTH))
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_LENGTH, -TAG_LENGTH)), decipher.final()]).toString(
        'utf8',
      )
    },
    digest(purpose, text) {
      const purposeKey = createHmac('sha256', key).update(`latchkey digest key ${purpose}`).digest()
      return createHmac('sha256', purposeKey).update(text).digest('base64url')
    },
  }
}

/** @throws when it is not 32 bytes */
export function parseEncryptionKey(text: string): Buffer {
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64')
  if (key.length !== 32)
    throw new VaultError(
      `The encryption key must be 32 bytes as base64 or hex, got ${key.length} bytes. Make one with: openssl rand -base64 32`,
    )
  return key
}
