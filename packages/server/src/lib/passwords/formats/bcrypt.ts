import { createHash, createHmac } from 'node:crypto'
import { digestFormat, type DigestFormat } from './format.js'

/** Cost 15 takes about two seconds; each step doubles it. */
const MAX_COST = 15

/** `$2a$`, `$2b$` or `$2y$`, cost, and 53 characters of salt and hash, possibly followed by more text. */
const BCRYPT = /^\$2[aby](\$(\d\d)\$[./A-Za-z0-9]{53})(.*)$/s

/** As in every bcrypt, only the first 72 bytes of the input count. */
function read(digest: string): { digest: string; rest: string } | undefined {
  const parts = BCRYPT.exec(digest)
  const cost = Number(parts?.[2])
  if (!parts || cost < 4 || cost > MAX_COST) return undefined
  // The three prefixes name one algorithm: `a` and `b` differ in a bug past 255 bytes that few libraries had, `y` is
  // PHP's name for `b`, which the library does not know.
  return { digest: `$2b${parts[1]!}`, rest: parts[3]! }
}

/** bcrypt over a value derived from the password; nothing may follow the digest. */
function bcryptOver(prefix: string, prepare: (password: string) => string): DigestFormat {
  return digestFormat({
    read(digest) {
      const parts = digest.startsWith(prefix) ? read(digest.slice(prefix.length)) : undefined
      return parts?.rest === '' ? parts.digest : undefined
    },
    matches: (digest, password) => compare(prepare(password), digest),
  })
}

/** `$2b$<cost>$<salt and hash>` */
export const bcrypt = bcryptOver('', (password) => password)

/** `bcrypt_sha256$$2b$<cost>$<salt and hash>`, over the SHA-256 of the password in hexadecimal. */
export const bcryptSha256Django = bcryptOver('bcrypt_sha256$', (password) =>
  createHash('sha256').update(password).digest('hex'),
)

/** `$wp$2y$<cost>$<salt and hash>`, over the SHA-384 of the trimmed password: WordPress from 6.8 on. */
export const bcryptWordpress = bcryptOver('$wp', (password) =>
  createHmac('sha384', 'wp-sha384')
    // What PHP's `trim` removes.
    .update(password.replace(/^[ \t\n\r\0\v]+|[ \t\n\r\0\v]+$/g, ''))
    .digest('base64'),
)

/** `$2b$<cost>$<salt and hash>$<pepper>`, over the password with the pepper behind it (Devise for Ruby on Rails). */
export const bcryptPeppered = digestFormat({
  read(digest) {
    const parts = read(digest)
    return parts && /^\$./s.test(parts.rest) ? { digest: parts.digest, pepper: parts.rest.slice(1) } : undefined
  },
  matches: ({ digest, pepper }, password) => compare(password + pepper, digest),
})

/** True for a plain bcrypt digest: backup codes may be imported as these. */
export function isBcryptDigest(text: string): boolean {
  return bcrypt.validate(text)
}

/** The native library is loaded with the first digest that needs it. */
async function compare(password: string, digest: string): Promise<boolean> {
  const library = await import('bcrypt')
  return library.default.compare(password, digest)
}
