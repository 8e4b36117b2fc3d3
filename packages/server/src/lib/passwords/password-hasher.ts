import { availableParallelism } from 'node:os'
import { hash } from '@node-rs/argon2'
import { digestFormats, isPasswordHasherName, type PasswordHasherName } from './digest-formats.js'
import { WorkQueue } from './work-queue.js'

export interface PasswordDigest {
  hasher: PasswordHasherName
  digest: string
}

export interface PasswordHasherOptions {
  /** Hashes computed at a time. Default: one less than there are processors, at least 1 and at most 3. */
  concurrency?: number
  /** Hashes that may wait for their turn: a bound on memory. Default 10000. */
  queueLimit?: number
  /** Milliseconds that a hash may wait for its turn. Default 15000: clients give up later. */
  patience?: number
  /** argon2id's memory in KiB. Default 19456 (19 MiB); less only where passwords protect nothing, such as in tests. */
  memoryKib?: number
  /** argon2id's passes over that memory. Default 2. */
  passes?: number
}

/**
 * Aborts when nobody waits for the result any longer. Callers must say where it comes from: work for clients that have
 * hung up would delay all others. Undefined where no client waits, such as in a seed.
 */
type Signal = AbortSignal | undefined

/** No real password is longer, and some formats take time in proportion to the length. */
export const MAX_PASSWORD_BYTES = 4096

/**
 * Hashes and checks passwords away from the main thread, a few at a time: a burst of sign-ins waits in a queue instead
 * of occupying all processors. When their turn does not come in time, calls fail with {@link QueueFull}. A call whose signal aborts
 * leaves the queue with {@link TaskAbandoned}.
 */
export class PasswordHasher {
  private readonly queue: WorkQueue
  /** Of argon2id, the library's default variant. */
  private readonly argon2: { memoryCost: number; timeCost: number; parallelism: number }

  constructor(options: PasswordHasherOptions = {}) {
    // One processor stays free for all other requests. libuv has four threads for this and for files and name look-ups:
    // one stays free for those.
    const concurrency = options.concurrency ?? Math.min(Math.max(availableParallelism() - 1, 1), 3)
    this.queue = new WorkQueue({
      concurrency,
      limit: options.queueLimit ?? 10_000,
      patience: options.patience ?? 15_000,
    })
    this.argon2 = { memoryCost: options.memoryKib ?? 19_456, timeCost: options.passes ?? 2, parallelism: 1 }
  }

  async hash(password: string, signal: Signal): Promise<PasswordDigest> {
    const digest = await this.queue.run(() => hash(password, this.argon2), signal)
    return { hasher: 'argon2id', digest }
  }

  /** Whether the digest was made from the password. False for a digest that cannot be checked. */
  async verify(stored: { hasher: string; digest: string }, password: string, signal: Signal): Promise<boolean> {
    const { hasher, digest } = stored
    if (!isPasswordHasherName(hasher) || !digestFormats[hasher].validate(digest)) return false
    if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) return false
    return this.queue.run(() => digestFormats[hasher].verify(digest, password), signal)
  }

  /**
   * Takes as long as checking a password. For use when there is no user: the time must not reveal which users exist.
   */
  async verifyDummy(password: string, signal: Signal): Promise<false> {
    if (Buffer.byteLength(password) <= MAX_PASSWORD_BYTES) await this.hash(password, signal)
    return false
  }

  /** argon2id's digest of the secret under a given salt: equal secrets have equal digests. */
  hashWithSalt(secret: string, salt: Uint8Array, signal: Signal): Promise<string> {
    return this.queue.run(() => hash(secret, { ...this.argon2, salt }), signal)
  }

  /**
   * The digest of the secret with the salt and costs of another argon2id digest; equal to it if the secret is the same.
   */
  async hashLike(digest: string, secret: string, signal: Signal): Promise<string> {
    const parts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$/.exec(digest)
    if (!parts) throw new Error('Not an argon2id digest')
    const [memoryCost, timeCost, parallelism] = parts.slice(1, 4).map(Number)
    const salt = Buffer.from(parts[4]!, 'base64')
    return this.queue.run(() => hash(secret, { memoryCost, timeCost, parallelism, salt }), signal)
  }
}

/** Whether a digest may be imported: a known hasher, well formed, at an acceptable cost. */
export function isImportableDigest(hasher: string, digest: string): boolean {
  return isPasswordHasherName(hasher) && digestFormats[hasher].validate(digest)
}

/** Whether a password can be compared with digests of the hasher here; Cognito's only name a place to ask. */
export function isCheckable(hasher: string): boolean {
  return isPasswordHasherName(hasher) && hasher !== 'awscognito'
}

/** Whether the password should be hashed anew once it has been given correctly: the stored digest is too weak. */
export function needsRehash(hasher: string): boolean {
  return isPasswordHasherName(hasher) && digestFormats[hasher].weak
}
