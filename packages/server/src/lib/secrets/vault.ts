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
  /** @throws when it was sealed under a key that the vault does not have, or has been changed */
  open(sealed: string): string
  /**
   * A digest of a text short enough to guess, such as a code of six digits. Without the encryption key nobody can test
   * guesses against it, even with a copy of the database.
   *
   * @param purpose keeps the digests of one use from being taken for another's
   * @returns base64url of an HMAC-SHA256 under a key derived from the encryption key
   */
  digest(purpose: string, text: string): string
  /** The digest under each key of the vault, the current one first: what was made before a rotation is still accepted. */
  digests(purpose: string, text: string): readonly [string, ...string[]]
  /** The id of the key that seals. */
  readonly keyId: string
  /**
   * Seals again what stands in a text, as a whole or inside JSON, and was sealed under another key.
   *
   * @throws when the vault does not have that key
   */
  reseal(text: string): string
}

/** Of the form of `seal()`: the shortest is a nonce and a tag alone. */
const SEALED = /\b[0-9a-f]{8}\.[\w-]{38,}/g

interface Key {
  id: string
  bytes: Buffer
}

/**
 * @param encryptionKey 32 bytes, as base64, base64url or hex. The same on every node.
 * @param others keys that only open what they sealed: the one before while a rotation goes on, or the one to come
 */
export function createVault(encryptionKey: string, random: Random, others: readonly string[] = []): Vault {
  const current = toKey(encryptionKey)
  const keys = new Map([current, ...others.map(toKey)].map((key) => [key.id, key]))
  const vault: Vault = {
    keyId: current.id,
    seal(plain) {
      const nonce = random.bytes(NONCE_LENGTH)
      const cipher = createCipheriv(ALGORITHM, current.bytes, nonce)
      const sealed = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${current.id}.${sealed.toString('base64url')}`
    },
    open(sealed) {
      const [id = '', text = ''] = sealed.split('.')
      const key = keys.get(id)
      if (!key)
        throw new VaultError(
          `A secret in the database was sealed under the encryption key ${id}, this server has ${[...keys.keys()].join(', ')}. Set LATCHKEY_ENCRYPTION_KEY to the one it was written with, or name that one in LATCHKEY_OTHER_ENCRYPTION_KEYS.`,
        )
      const bytes = Buffer.from(text, 'base64url')
      const decipher = createDecipheriv(ALGORITHM, key.bytes, bytes.subarray(0, NONCE_LENGTH))
      decipher.setAuthTag(bytes.subarray(-TAG_LENGTH))
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_LENGTH, -TAG_LENGTH)), decipher.final()]).toString(
        'utf8',
      )
    },
    digest: (purpose, text) => digestUnder(current, purpose, text),
    digests: (purpose, text) => [
      digestUnder(current, purpose, text),
      ...[...keys.values()].slice(1).map((key) => digestUnder(key, purpose, text)),
    ],
    reseal: (text) =>
      text.replace(SEALED, (sealed) => (sealed.startsWith(`${current.id}.`) ? sealed : vault.seal(vault.open(sealed)))),
  }
  return vault
}

function digestUnder({ bytes }: Key, purpose: string, text: string): string {
  const purposeKey = createHmac('sha256', bytes).update(`latchkey digest key ${purpose}`).digest()
  return createHmac('sha256', purposeKey).update(text).digest('base64url')
}

function toKey(text: string): Key {
  const bytes = parseEncryptionKey(text)
  const id = createHash('sha256').update('latchkey encryption key id').update(bytes).digest('hex').slice(0, 8)
  return { id, bytes }
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
