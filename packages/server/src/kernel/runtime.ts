import { randomBytes as nodeRandomBytes } from 'node:crypto'

/** The source of the time. Passed in, so that tests can stop it. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number
}

/** The source of bytes that nobody can guess. */
export interface Random {
  bytes(length: number): Uint8Array
}

/** Makes the ids of new rows. */
export interface Ids {
  /** A new id such as `user_2wpOgEtHRbyzrrwhHzCC0s44yX7`: the prefix, `_` and a KSUID of 27 base62 characters. */
  next(prefix: string): string
}

/** The part of pino's interface that the server uses: fields first, then the sentence. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export const systemClock: Clock = { now: () => Date.now() }

/**
 * The system's random bytes, fetched in blocks: one call for every sixteen bytes would cost more than the rest of a
 * small request.
 */
export const systemRandom: Random = pooledRandom(4096)

function pooledRandom(size: number): Random {
  let pool = Buffer.alloc(0)
  return {
    bytes(length) {
      if (length > size) return nodeRandomBytes(length)
      if (pool.length < length) pool = nodeRandomBytes(size)
      const bytes = pool.subarray(0, length)
      pool = pool.subarray(length)
      return bytes
    },
  }
}

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} }

/** KSUIDs count seconds from here (2014-05-13). */
export const KSUID_EPOCH = 1_400_000_000
const KSUID_LENGTH = 27
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * Ids as Clerk makes them: a KSUID, which sorts by the second of its creation.
 *
 * @see https://github.com/segmentio/ksuid
 */
export function createIds(clock: Clock, random: Random): Ids {
  return { next: (prefix) => `${prefix}_${ksuid(Math.floor(clock.now() / 1000), random.bytes(16))}` }
}

/** Four bytes of time and sixteen of payload, as 27 base62 characters. */
export function ksuid(seconds: number, payload: Uint8Array): string {
  // One number in five words. A `BigInt` would be a new object for each digit.
  const words = [Math.max(0, seconds - KSUID_EPOCH) >>> 0]
  for (let at = 0; at < 16; at += 4) {
    words.push(((payload[at]! << 24) | (payload[at + 1]! << 16) | (payload[at + 2]! << 8) | payload[at + 3]!) >>> 0)
  }
  let text = ''
  while (text.length < KSUID_LENGTH) {
    let rest = 0
    for (let index = 0; index < words.length; index++) {
      const value = rest * 2 ** 32 + words[index]!
      words[index] = Math.floor(value / 62)
      rest = value % 62
    }
    text = BASE62[rest] + text
  }
  return text
}
