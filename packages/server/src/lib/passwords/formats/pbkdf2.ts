import { pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import { count, digestFormat, equalBytes, fromBase64, fromHex, type DigestFormat } from './format.js'

const MAX_ITERATIONS = 10_000_000
/** A shorter hash would let strangers' passwords match. */
const MIN_HASH_BYTES = 16
const MAX_HASH_BYTES = 1024
/** Iterations times the blocks of the hash, each of which costs the same: a few seconds at most. */
const MAX_WORK = 4_000_000
/** Bytes that one block yields. */
const BLOCK_BYTES = { sha1: 20, sha256: 32, sha512: 64 }

const derive = promisify(pbkdf2)
const raw = (text: string) => (text === '' ? undefined : Buffer.from(text))

/** `<prefix>$<iterations>$<salt>$<hash>` and, where allowed, `$<key length in bytes>`. */
function pbkdf2Format(options: {
  prefix: string
  hash: 'sha1' | 'sha256' | 'sha512'
  salt: (text: string) => Buffer | undefined
  key: (text: string) => Buffer | undefined
  keyLength?: boolean
}): DigestFormat {
  return digestFormat({
    read(digest) {
      const [prefix, iterationText = '', saltText = '', keyText = '', lengthText, ...rest] = digest.split('$')
      const iterations = count(iterationText, MAX_ITERATIONS)
      const salt = options.salt(saltText)
      const key = options.key(keyText)
      if (prefix !== options.prefix || !iterations || !salt || !key || rest.length > 0) return undefined
      if (key.length < MIN_HASH_BYTES || key.length > MAX_HASH_BYTES) return undefined
      if (iterations * Math.ceil(key.length / BLOCK_BYTES[options.hash]) > MAX_WORK) return undefined
      if (lengthText !== undefined && !(options.keyLength && count(lengthText, MAX_HASH_BYTES) === key.length)) {
        return undefined
      }
      return { iterations, salt, key }
    },
    // A shorter derived key is the beginning of a longer one, so the hash itself tells the length.
    matches: async ({ iterations, salt, key }, password) =>
      equalBytes(await derive(password, salt, iterations, key.length, options.hash), key),
  })
}

/** Salt in hexadecimal, else its raw bytes; hash in hexadecimal; the key length may follow. */
export const pbkdf2Sha1 = pbkdf2Format({
  prefix: 'pbkdf2_sha1',
  hash: 'sha1',
  salt: (text) => fromHex(text) ?? raw(text),
  key: fromHex,
  keyLength: true,
})

/** Salt and hash in base64. */
export const pbkdf2Sha256 = pbkdf2Format({ prefix: 'pbkdf2_sha256', hash: 'sha256', salt: fromBase64, key: fromBase64 })

/** As Django exports it: salt raw, hash in base64. */
export const pbkdf2Sha256Django = pbkdf2Format({ prefix: 'pbkdf2_sha256', hash: 'sha256', salt: raw, key: fromBase64 })

/** Salt raw, hash in hexadecimal. */
export const pbkdf2Sha512 = pbkdf2Format({ prefix: 'pbkdf2_sha512', hash: 'sha512', salt: raw, key: fromHex })

/** Salt and hash in hexadecimal. */
export const pbkdf2Sha512Hex = pbkdf2Format({
  prefix: 'pbkdf2_sha512_hex',
  hash: 'sha512',
  salt: fromHex,
  key: fromHex,
})
