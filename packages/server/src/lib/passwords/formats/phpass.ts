import { createHash } from 'node:crypto'
import { digestFormat, equalBytes, iterate, type DigestFormat } from './format.js'

/** phpass's own base64: these digits, and the lowest bits first. */
const DIGITS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Rounds are a power of two; phpass writes 2^7 at least, and 2^20 rounds take a second. */
const MIN_ROUNDS_LOG2 = 7
const MAX_ROUNDS_LOG2 = 20

const md5 = (...parts: (string | Uint8Array)[]) =>
  parts.reduce<ReturnType<typeof createHash>>((hash, part) => hash.update(part), createHash('md5')).digest()

/** `$P$` (or `$H$`, phpBB's), one character of rounds, eight of salt, 22 of checksum. */
function phpassOver(prepare: (password: string) => string, weak: boolean): DigestFormat {
  return digestFormat({
    read(digest) {
      const parts = /^\$[PH]\$([./0-9A-Za-z])([./0-9A-Za-z]{8})([./0-9A-Za-z]{22})$/.exec(digest)
      if (!parts) return undefined
      const rounds = DIGITS.indexOf(parts[1]!)
      if (rounds < MIN_ROUNDS_LOG2 || rounds > MAX_ROUNDS_LOG2) return undefined
      return { rounds: 2 ** rounds, salt: parts[2]!, checksum: parts[3]! }
    },
    async matches({ rounds, salt, checksum }, password) {
      const secret = prepare(password)
      const hash = await iterate(md5(salt, secret), rounds, (state) => md5(state, secret))
      return equalBytes(Buffer.from(encode(hash)), Buffer.from(checksum))
    },
    weak,
  })
}

export const phpass = phpassOver((password) => password, false)

/**
 * phpass over the MD5 of the password in hexadecimal: unsalted MD5 digests that were wrapped without knowing the
 * passwords.
 */
export const md5Phpass = phpassOver((password) => md5(password).toString('hex'), true)

function encode(bytes: Uint8Array): string {
  let text = ''
  for (let start = 0; start < bytes.length; start += 3) {
    const group = bytes.subarray(start, start + 3)
    let value = group.reduceRight((sum, byte) => sum * 256 + byte, 0)
    for (let digit = 0; digit <= group.length; digit += 1) {
      text += DIGITS[value % 64]
      value = Math.floor(value / 64)
    }
  }
  return text
}
