import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { JwtError, signJwt, verifyJwt, type JwtClaims, type JwtHeader } from '@latchkey/crypto'
import type { Clock, Ids } from '../../runtime.js'
import type { Vault } from '../../secrets/vault.js'
import type { Database, Queries } from '../../storage/database.js'
import { signingKeys, type SigningKeyRecord } from '../../storage/tables.js'

const MODULUS_LENGTH = 2048
/** How long a node goes on with the keys it read, in milliseconds. */
const CACHE_LIFETIME = 1000
/** How long a new key is published before it signs, in milliseconds: by then the key set of every node has it. */
const PUBLISHED_BEFORE_USE = 2 * CACHE_LIFETIME

export interface SigningKey {
  /** The `kid` of the tokens it signs. */
  id: string
  privateKey: KeyObject
  publicJwk: Record<string, string>
}

interface CachedKeys {
  readAt: number
  rows: SigningKeyRecord[]
}

/** An instance's keys for its tokens. One signs; those before it stay in the key set until the tokens they signed have ended. */
export class SigningKeys {
  readonly #options: { database: Database; vault: Vault; clock: Clock; ids: Ids; instanceId: string }
  #cache: CachedKeys | undefined
  #created: Promise<SigningKeyRecord> | undefined
  readonly #opened = new Map<string, SigningKey>()

  constructor(options: { database: Database; vault: Vault; clock: Clock; ids: Ids; instanceId: string }) {
    this.#options = options
  }

  /** The key that signs now: the oldest that is not retired. It is made when it is first asked for. */
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
   * The claims of a token that this instance signed and that is of the category.
   *
   * @param expired takes a token whose time is over, or has not come
   * @returns undefined for any other text
   */
  async verify(
    token: string,
    { category, expired = false }: { category: string; expired?: boolean },
  ): Promise<JwtClaims | undefined> {
    const now = this.#options.clock.now()
    const key = (header: JwtHeader) => this.#publicKey(header.kid)
    try {
      return await verifyJwt(token, {
        key,
        algorithms: ['RS256'],
        category,
        now,
        ...(expired ? { clockSkew: Number.POSITIVE_INFINITY } : {}),
      })
    } catch (error) {
      if (error instanceof JwtError) return undefined
      throw error
    }
  }

  /** The public keys with which tokens of this instance verify, newest first. */
  async published(): Promise<Record<string, string>[]> {
    await this.current()
    return (await this.#publishedRows()).map((row) => row.publicJwk)
  }

  /**
   * Makes a new key, which takes over from the one in use once every node publishes it.
   *
   * @param overlapSeconds how long the old key stays in the key set after that
   */
  async rotate(overlapSeconds: number): Promise<SigningKey> {
    const generated = await this.#generate()
    const { database, clock, instanceId } = this.#options
    const row = await database.transaction(async (tx) => {
      const retiredAt = clock.now() + PUBLISHED_BEFORE_USE
      await tx
        .updateTable('signing_keys')
        .set({ retired_at: retiredAt, expires_at: retiredAt + overlapSeconds * 1000 })
        .where('instance_id', '=', instanceId)
        .where('retired_at', 'is', null)
        .execute()
      const inserted = await tx
        .insertInto('signing_keys')
        .values(signingKeys.encode(generated) as never)
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .executeTakeFirst()
      // Somebody else rotated at this moment: that key is as new as this one.
      return inserted ? generated : (await this.#select(tx))[0]!
    })
    this.#cache = undefined
    return this.#open(row)
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
    // No clock of the day: one that is set back would keep what was read for as long again.
    const now = performance.now()
    if (this.#cache && now - this.#cache.readAt < CACHE_LIFETIME) return this.#cache.rows
    return this.#keep(now, await this.#select(this.#options.database.read))
  }

  /** Of several reads that were under way at once the last to begin counts, not the last to end. */
  #keep(readAt: number, rows: SigningKeyRecord[]): SigningKeyRecord[] {
    if (!this.#cache || this.#cache.readAt < readAt) this.#cache = { readAt, rows }
    return this.#cache.rows
  }

  async #select(queries: Queries): Promise<SigningKeyRecord[]> {
    const rows = await queries
      .selectFrom('signing_keys')
      .selectAll()
      .where('instance_id', '=', this.#options.instanceId)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .execute()
    return rows.map((row) => signingKeys.decode(row) as SigningKeyRecord)
  }

  #createOnce(): Promise<SigningKeyRecord> {
    this.#created ??= this.#create().finally(() => {
      this.#created = undefined
    })
    return this.#created
  }

  /** Two nodes may make the first key at once: the index lets one of them in, and both use it. */
  async #create(): Promise<SigningKeyRecord> {
    const row = await this.#generate()
    const rows = await this.#options.database.transaction(async (tx) => {
      await tx
        .insertInto('signing_keys')
        .values(signingKeys.encode(row) as never)
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      return this.#select(tx)
    })
    this.#cache = { readAt: performance.now(), rows }
    return rows.find(({ retiredAt }) => retiredAt === null)!
  }

  async #generate(): Promise<SigningKeyRecord> {
    const { vault, clock, ids, instanceId } = this.#options
    const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: MODULUS_LENGTH })
    const id = ids.next('ins')
    const { n, e } = publicKey.export({ format: 'jwk' })
    return {
      id,
      instanceId,
      algorithm: 'RS256',
      publicJwk: { use: 'sig', kty: 'RSA', kid: id, alg: 'RS256', n: n!, e: e! },
      privateKey: vault.seal(privateKey.export({ format: 'pem', type: 'pkcs8' }) as string),
      createdAt: clock.now(),
      retiredAt: null,
      expiresAt: null,
    }
  }

  #open(row: SigningKeyRecord): SigningKey {
    let key = this.#opened.get(row.id)
    if (!key) {
      key = {
        id: row.id,
        privateKey: createPrivateKey(this.#options.vault.open(row.privateKey)),
        publicJwk: row.publicJwk,
      }
      this.#opened.set(row.id, key)
    }
    return key
  }
}

/** A public key as PEM, for `jwtKey`. */
export function toPem(publicJwk: Record<string, string>): string {
  return createPublicKey({ key: publicJwk, format: 'jwk' }).export({ format: 'pem', type: 'spki' }) as string
}
