import { isBcryptDigest } from '../passwords/formats/bcrypt.js'
import { equalBytes } from '../passwords/formats/format.js'
import type { PasswordHasher } from '../passwords/password-hasher.js'
import type { Random } from '../../kernel/runtime.js'

const CODE_COUNT = 10
const CODE_LENGTH = 8
/** 32 characters, five bits each, without those that are easily mistaken for another. */
const ALPHABET = '23456789abcdefghijkmnpqrstuvwxyz'

/** No real code is longer, and bcrypt would ignore the rest. */
const MAX_CODE_BYTES = 72
/** Checking one code means checking all: ten at cost 12 take some two seconds. */
const MAX_BCRYPT_COST = 12

/** Ten new codes of 40 bits, to be shown once. */
export function generateBackupCodes(random: Random): string[] {
  return Array.from({ length: CODE_COUNT }, () =>
    Array.from(random.bytes(CODE_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join(''),
  )
}

/** Why a code cannot be imported, or undefined when it can: plain text, or a bcrypt digest at an acceptable cost. */
export function backupCodeProblem(code: string): 'empty' | 'too_long' | 'digest_invalid' | undefined {
  if (/^\$2[abxy]?\$/.test(code)) {
    return isBcryptDigest(code) && Number(code.slice(4, 6)) <= MAX_BCRYPT_COST ? undefined : 'digest_invalid'
  }
  if (normal(code) === '') return 'empty'
  return Buffer.byteLength(code) > MAX_CODE_BYTES ? 'too_long' : undefined
}

/** Rounds of bcrypt for all codes of a user together: ten at the highest cost. */
const MAX_ROUNDS = 10 * 2 ** MAX_BCRYPT_COST

/** Whether checking one code, which means checking all, would take too long. */
export function costTooMuch(codes: readonly string[]): boolean {
  const rounds = codes.filter(isBcryptDigest).map((digest) => 2 ** Number(digest.slice(4, 6)))
  return rounds.reduce((sum, each) => sum + each, 0) > MAX_ROUNDS
}

/**
 * The stored form of a user's codes, in their order. Codes are short enough to be guessed one by one, so they are
 * hashed as slowly as passwords. The codes of one user share a salt, so that checking one takes one hash. bcrypt
 * digests are kept as they are.
 */
export async function hashBackupCodes(
  codes: readonly string[],
  { hasher, random, signal }: { hasher: PasswordHasher; random: Random; signal: AbortSignal | undefined },
): Promise<string[]> {
  const salt = random.bytes(16)
  const digests: string[] = []
  for (const code of codes)
    digests.push(isBcryptDigest(code) ? code : await hasher.hashWithSalt(normal(code), salt, signal))
  return digests
}

/** The index of the digest that the code belongs to, or -1. Takes the same time for every result. */
export async function findBackupCode(
  digests: readonly string[],
  code: string,
  hasher: PasswordHasher,
  signal: AbortSignal | undefined,
): Promise<number> {
  if (Buffer.byteLength(code) > MAX_CODE_BYTES) return -1
  const bySalt = new Map<string, string>()
  let found = -1
  for (const [index, digest] of digests.entries()) {
    const matches = isBcryptDigest(digest)
      ? await hasher.verify({ hasher: 'bcrypt', digest }, code.trim(), signal)
      : equalBytes(Buffer.from(await hashLike(digest)), Buffer.from(digest))
    if (matches && found < 0) found = index
  }
  return found

  /** The code's digest under this one's salt; computed once for all that share it. */
  async function hashLike(digest: string): Promise<string> {
    const salt = digest.slice(0, digest.lastIndexOf('$'))
    const hash = bySalt.get(salt) ?? (await hasher.hashLike(digest, normal(code), signal))
    bySalt.set(salt, hash)
    return hash
  }
}

/** Ignores case, spaces and dashes, since people copy codes from paper. */
function normal(code: string): string {
  return code.replace(/[\s-]/g, '').toLowerCase()
}
