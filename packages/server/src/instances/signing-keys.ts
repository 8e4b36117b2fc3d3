import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPair,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import { promisify } from 'node:util'
import { JwtError, signJwt, verifyJwt, type JwtClaims, type JwtHeader } from '@latchkey/crypto'
import { system, type Caller } from '../kernel/caller.js'
import { readToken, signToken } from '../lib/secrets/signed-token.js'
import type { New } from '../storage/rows.js'
import type { InstanceContext } from './instance-context.js'
import type { SigningKeyRecord, signingKeys } from './instances.table.js'
import { SigningKeyStore } from './signing-keys.store.js'
import { LONGEST_SEALED } from './tokens.js'

const MODULUS_LENGTH = 2048
/** How long a node caches the keys it read, in milliseconds. */
const CACHE_LIFETIME = 1000
/** Milliseconds until the key set of every node has a new key. */
const KNOWN_TO_NODES = 2 * CACHE_LIFETIME

export interface SigningKey {
  /** The `kid` of the tokens it signs. */
  id: string
  privateKey: KeyObject
  publicJwk: Record<string, string>
  /** For what only this server reads. */
  secret: KeyObject
}

/** When a key is used, in Unix milliseconds. */
export interface SigningKeyTimes {
  id: string
  createdAt: number
  /** From when it signs; until then it only stands in the key set. */
  signsAt: number
  /** Until when it signs; null for as long as there is no newer one. */
  retiredAt: number | null
  /** Until when it stands in the key set. */
  expiresAt: number | null
  state: 'published' | 'signing' | 'retired' | 'expired'
}

type SigningKeyOptions = Pick<InstanceContext, 'database' | 'transaction' | 'vault' | 'clock' | 'ids' | 'instanceId'>

interface CachedKeys {
  readAt: number
  rows: SigningKeyRecord[]
}

/**
 * An instance's keys for its tokens. One signs; earlier keys stay in the key set until the tokens they signed have
 * expired.
 */
export class SigningKeys {
  readonly #options: SigningKeyOptions
  readonly #store: SigningKeyStore
  #cache: CachedKeys | undefined
  #created: Promise<SigningKeyRecord> | undefined
  readonly #opened = new Map<string, SigningKey>()

  constructor(options: SigningKeyOptions) {
    this.#options = options
    this.#store = new SigningKeyStore(options)
  }

  /** The key that signs now: the oldest that is not retired. It is created on first use. */
  async current(): Promise<SigningKey> {
    const now = this.#options.clock.now()
    const row = (await this.#rows()).findLast(({ retiredAt }) => retiredAt === null || retiredAt > now)
    return this.#open(row ?? (await this.#createOnce()))
  }

  /** @param category what kind of token it is; see `tokens.ts` */
  async sign(claims: object, category: string): Promise<string> {
    const { id, privateKey } = await this.current()
    return signJwt(claims, privateKey, { algorithm: 'RS256', keyId: id, category })
  }

  /**
   * A token that only this server reads, with a secret in place of the private key: that takes a hundredth of the time.
   *
   * @param category what kind of token it is; see `tokens.ts`
   */
  async seal(claims: { exp: number } & JwtClaims, category: string): Promise<string> {
    const { secret } = await this.current()
    return signToken(category, claims, secret)
  }

  /**
   * The claims of what `seal` has made for the category, until it expires: also with a key that has left the key set, as a
   * new key signs nobody out. Not with one that others may have.
   *
   * @returns undefined for any other text
   */
  async unseal(token: string, category: string): Promise<JwtClaims | undefined> {
    const now = this.#options.clock.now()
    const rows = (await this.#rows()).filter((row) => opensAt(row, now))
    const claims = readToken(category, token, this.#secretsOf(rows)) as JwtClaims | undefined
    // Versions before this one signed what they kept for themselves.
    if (!claims) return this.verify(token, { category })
    return claims.exp! * 1000 > now ? claims : undefined
  }

  /** Newest first, each opened when it is needed. One of long ago that cannot be opened any more is left out. */
  *#secretsOf(rows: readonly SigningKeyRecord[]): Iterable<KeyObject> {
    for (const row of rows) {
      try {
        yield this.#open(row).secret
      } catch (error) {
        if (row.retiredAt === null) throw error
      }
    }
  }

  /**
   * The claims of a token that this instance signed and that is of the category, or has one of the types in its header.
   *
   * @param expired also accepts a token that has expired or is not valid yet
   * @returns undefined for any other text
   */
  async verify(
    token: string,
    { expired = false, ...kind }: ({ category: string } | { type: readonly string[] }) & { expired?: boolean },
  ): Promise<JwtClaims | undefined> {
    const now = this.#options.clock.now()
    const key = (header: JwtHeader) => this.#publicKey(header.kid)
    try {
      return await verifyJwt(token, {
        key,
        algorithms: ['RS256'],
        ...kind,
        now,
        ...(expired ? { clockSkew: Number.POSITIVE_INFINITY } : {}),
      })
    } catch (error) {
      if (error instanceof JwtError) return undefined
      throw error
    }
  }

  /** All keys, oldest first, also those that have left the key set. */
  async timetable(): Promise<SigningKeyTimes[]> {
    const now = this.#options.clock.now()
    let signsAt = 0
    return (await this.#store.list({})).map(({ id, createdAt, retiredAt, expiresAt }) => {
      signsAt = Math.max(signsAt, createdAt)
      const key = { id, createdAt, signsAt, retiredAt, expiresAt }
      signsAt = Math.max(signsAt, retiredAt ?? 0)
      return { ...key, state: stateOf(key, now) }
    })
  }

  /** The public keys with which tokens of this instance verify, newest first. */
  async published(): Promise<Record<string, string>[]> {
    await this.current()
    return (await this.#publishedRows()).map((row) => row.publicJwk)
  }

  /**
   * Makes a new key. It stands in the key set at once and signs later, so that whoever caches the key set has it by then.
   *
   * @param publishSeconds how long it only stands there; null for as short as can be, when others may have an old key:
   *   then the new one replaces all others, also those that another rotation has put off, and what they have sealed is
   *   refused with their tokens
   * @param overlapSeconds how long the old key stays in the key set after that
   * @returns the key, and when it begins to sign, in Unix milliseconds: later than asked for if an earlier one has still to
   */
  async rotate(
    { publishSeconds, overlapSeconds }: { publishSeconds: number | null; overlapSeconds: number },
    caller: Caller,
  ): Promise<SigningKey & { signsAt: number }> {
    const generated = await this.#generate()
    const { transaction, clock } = this.#options
    const { row, signsAt } = await transaction(caller, async (tx) => {
      const retiredAt = clock.now() + Math.max(KNOWN_TO_NODES, (publishSeconds ?? 0) * 1000)
      const times = { retiredAt, expiresAt: retiredAt + overlapSeconds * 1000 }
      await this.#store.retire(times, tx)
      if (publishSeconds === null) {
        await this.#store.hasten(times, tx)
        await this.#store.endSeals(times.expiresAt, tx)
      }
      const created = await this.#store.create(generated, tx)
      const rows = await this.#store.newest(tx)
      // If another node rotated at the same moment, its key is just as new and stays in use.
      const newest = created ?? rows[0]!
      await tx.audit('signing_key.rotated', newest.id)
      return { row: newest, signsAt: Math.max(clock.now(), ...rows.map((row) => row.retiredAt ?? 0)) }
    })
    this.#cache = undefined
    return { ...this.#open(row), signsAt }
  }

  async #publicKey(kid: string | undefined): Promise<Record<string, string>> {
    const row = (await this.#publishedRows()).find(({ id }) => id === kid)
    if (!row) throw new JwtError('key_not_found', 'The token was not signed with a key of this instance.')
    return row.publicJwk
  }

  async #publishedRows(): Promise<SigningKeyRecord[]> {
    const now = this.#options.clock.now()
    return (await this.#rows()).filter(({ expiresAt }) => expiresAt === null || expiresAt > now)
  }

  async #rows(): Promise<SigningKeyRecord[]> {
    // Monotonic, not wall-clock: setting the clock back must not extend the cache.
    const now = performance.now()
    if (this.#cache && now - this.#cache.readAt < CACHE_LIFETIME) return this.#cache.rows
    return this.#keep(now, await this.#store.newest())
  }

  /** Of several simultaneous reads, the last one to begin counts, not the last one to end. */
  #keep(readAt: number, rows: SigningKeyRecord[]): SigningKeyRecord[] {
    if (!this.#cache || this.#cache.readAt < readAt) this.#cache = { readAt, rows }
    return this.#cache.rows
  }

  #createOnce(): Promise<SigningKeyRecord> {
    this.#created ??= this.#create().finally(() => {
      this.#created = undefined
    })
    return this.#created
  }

  /** Two nodes may create the first key at once: the unique index accepts one key, and both use that one. */
  async #create(): Promise<SigningKeyRecord> {
    const generated = await this.#generate()
    const rows = await this.#options.transaction(system('signing keys'), async (tx) => {
      if (await this.#store.create(generated, tx)) await tx.audit('signing_key.created', generated.id)
      return this.#store.newest(tx)
    })
    this.#cache = { readAt: performance.now(), rows }
    return rows.find(({ retiredAt }) => retiredAt === null)!
  }

  async #generate(): Promise<New<typeof signingKeys> & { id: string }> {
    const { vault, ids } = this.#options
    const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: MODULUS_LENGTH })
    const id = ids.next('ins')
    const { n, e } = publicKey.export({ format: 'jwk' })
    return {
      id,
      algorithm: 'RS256',
      publicJwk: { use: 'sig', kty: 'RSA', kid: id, alg: 'RS256', n: n!, e: e! },
      privateKey: vault.seal(privateKey.export({ format: 'pem', type: 'pkcs8' }) as string),
    }
  }

  #open(row: SigningKeyRecord): SigningKey {
    let key = this.#opened.get(row.id)
    if (!key) {
      const privateKey = createPrivateKey(this.#options.vault.open(row.privateKey))
      key = { id: row.id, privateKey, publicJwk: row.publicJwk, secret: secretOf(privateKey) }
      this.#opened.set(row.id, key)
    }
    return key
  }
}

function stateOf({ signsAt, retiredAt, expiresAt }: Omit<SigningKeyTimes, 'state'>, now: number) {
  if (expiresAt !== null && expiresAt <= now) return 'expired'
  if (retiredAt !== null && retiredAt <= now) return 'retired'
  return signsAt <= now ? 'signing' : 'published'
}

/** Whether what the key has sealed is still taken. */
function opensAt({ retiredAt, sealsUntil }: SigningKeyRecord, now: number): boolean {
  if (sealsUntil !== null && sealsUntil <= now) return false
  return retiredAt === null || retiredAt > now - LONGEST_SEALED
}

/** Whoever cannot read the private key cannot seal, as with the database alone. */
export function secretOf(privateKey: KeyObject): KeyObject {
  const bytes = privateKey.export({ format: 'der', type: 'pkcs8' })
  return createSecretKey(Buffer.from(hkdfSync('sha256', bytes, '', 'latchkey sealed tokens', 32)))
}

/** A public key as PEM, for `jwtKey`. */
export function toPem(publicJwk: Record<string, string>): string {
  return createPublicKey({ key: publicJwk, format: 'jwk' }).export({ format: 'pem', type: 'spki' }) as string
}
