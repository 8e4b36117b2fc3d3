import { createHash, createHmac } from 'node:crypto'
import { count, digestFormat, equalBytes, fromBase64, fromHex, iterate, type DigestFormat } from './format.js'

/**
 * Formats made of one fast hash, or a few thousand. All are weak: they are accepted only to be replaced at the first
 * sign-in.
 */

type HashName = 'md5' | 'sha1' | 'sha256' | 'sha512'

const hashOf = (name: HashName, ...parts: (string | Uint8Array)[]) =>
  parts.reduce<ReturnType<typeof createHash>>((hash, part) => hash.update(part), createHash(name)).digest()

const HASH_BYTES = { md5: 16, sha1: 20, sha256: 32, sha512: 64 }

/** `<hash>` in hexadecimal. */
function unsalted(name: HashName): DigestFormat {
  return digestFormat({
    read(digest) {
      const hash = fromHex(digest)
      return hash?.length === HASH_BYTES[name] ? hash : undefined
    },
    matches: (hash, password) => equalBytes(hashOf(name, password), hash),
    weak: true,
  })
}

/** `<salt>$<hash>`, hash in hexadecimal. Systems put the salt before the password or behind it: both are tried. */
function salted(name: HashName): DigestFormat {
  return digestFormat({
    read(digest) {
      const end = digest.lastIndexOf('$')
      const hash = fromHex(digest.slice(end + 1))
      return end > 0 && hash?.length === HASH_BYTES[name] ? { salt: digest.slice(0, end), hash } : undefined
    },
    matches({ salt, hash }, password) {
      const before = equalBytes(hashOf(name, salt, password), hash)
      const behind = equalBytes(hashOf(name, password, salt), hash)
      return before || behind
    },
    weak: true,
  })
}

export const md5 = unsalted('md5')
export const md5Salted = salted('md5')
export const sha256 = unsalted('sha256')
export const sha256Salted = salted('sha256')

/** `{SSHA}` and the base64 of SHA-1 over password and salt, then the salt (OpenLDAP); the label may be missing. */
export const ldapSsha = digestFormat({
  read(digest) {
    const bytes = fromBase64(digest.replace(/^\{SSHA\}/i, ''))
    const size = HASH_BYTES.sha1
    return bytes && bytes.length > size ? { hash: bytes.subarray(0, size), salt: bytes.subarray(size) } : undefined
  },
  matches: ({ hash, salt }, password) => equalBytes(hashOf('sha1', password, salt), hash),
  weak: true,
})

/**
 * `hmac_sha256_utf16_b64$<hash>$<key>`, both in base64, over the password in UTF-16LE: ASP.NET Membership.
 * That system repeats a short key up to the length of a block, 64 bytes, where HMAC itself pads with zeros. Exports
 * have the key in either form, so both are tried.
 */
export const hmacSha256Utf16 = digestFormat({
  read(digest) {
    const [prefix, hashText = '', keyText = '', ...rest] = digest.split('$')
    const [hash, key] = [fromBase64(hashText), fromBase64(keyText)]
    if (prefix !== 'hmac_sha256_utf16_b64' || !key || rest.length > 0) return undefined
    return hash?.length === HASH_BYTES.sha256 ? { hash, key } : undefined
  },
  matches({ hash, key }, password) {
    const message = Buffer.from(password, 'utf16le')
    const sign = (bytes: Uint8Array) => createHmac('sha256', bytes).update(message).digest()
    const asGiven = equalBytes(sign(key), hash)
    const repeated = equalBytes(sign(Buffer.alloc(64, key)), hash)
    return asGiven || repeated
  },
  weak: true,
})

const MAX_SYMFONY_ITERATIONS = 1_000_000

/** `sha512_symfony$<iterations>$<salt>$<hash>`, hash in base64: Symfony's MessageDigestPasswordEncoder. */
export const sha512Symfony = digestFormat({
  read(digest) {
    const [prefix, iterationText = '', salt = '', hashText = '', ...rest] = digest.split('$')
    const iterations = count(iterationText, MAX_SYMFONY_ITERATIONS)
    const hash = fromBase64(hashText)
    if (prefix !== 'sha512_symfony' || !iterations || rest.length > 0 || /[{}]/.test(salt)) return undefined
    return hash?.length === HASH_BYTES.sha512 ? { iterations, salt, hash } : undefined
  },
  async matches({ iterations, salt, hash }, password) {
    const message = salt === '' ? password : `${password}{${salt}}`
    const first = hashOf('sha512', message)
    return equalBytes(await iterate(first, iterations - 1, (state) => hashOf('sha512', state, message)), hash)
  },
  weak: true,
})
