import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { Clock, Ids } from '../../runtime.js'
import type { Vault } from '../../secrets/vault.js'
import type { Database, Queries } from '../../storage/database.js'
import { signingKeys, type SigningKeyRecord } from '../../storage/tables.js'

const MODULUS_LENGTH = 2048
/** How long a node goes on with the keys it read, in milliseconds. */
const CACHE_LIFETIME = 1000

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
  readonly #opened = new Map<string, SigningKey>()

  constructor(options: { database: Database; vault: Vault; clock: Clock; ids: Ids; instanceId: string }) {
    this.#options = options
  }

  /** The key that signs now. It is made when it is first asked for. */
  async current(): Promise<SigningKey> {
    const row = (await this.#rows()).find(({ retiredAt }) => retiredAt === null) ?? (await this.#create())
    return this.#open(row)
  }

  /** The public keys with which tokens of this instance verify, newest first. */
  async published(): Promise<Record<string, string>[]> {
    await this.current()
    const now = this.#options.clock.now()
    return (await this.#rows()).filter(({ expiresAt }) => expiresAt === null || expiresAt > now).map((row) => row.publicJwk)
  }

  /**
   * Makes a new key and retires the one in use.
   *
   * @param overlapSeconds how long the old key stays in the key set
   */
  async rotate(overlapSeconds: number): Promise<SigningKey> {
    const row = await this.#generate()
    const { database, clock, instanceId } = this.#options
    await database.transaction(async (tx) => {
      const now = clock.now()
      await tx
        .updateTable('signing_keys')
        .set({ retired_at: now, expires_at: now + overlapSeconds * 1000 })
        .where('instance_id', '=', instanceId)
        .where('retired_at', 'is', null)
        .execute()
      await tx.insertInto('signing_keys').values(signingKeys.encode(row) as never).execute()
    })
    this.#cache = undefined
    return this.#open(row)
  }

  async #rows(): Promise<SigningKeyRecord[]> {
    const now = Date.now()
    if (!this.#cache || now - this.#cache.readAt >= CACHE_LIFETIME) this.#cache = { readAt: now, rows: await this.#select(this.#options.database.read) }
    return this.#cache.rows
  }

  async #select(queries: Queries): Promise<SigningKeyRecord[]> {
    const rows = await queries.selectFrom('signing_keys').selectAll().where('instance_id', '=', this.#options.instanceId).orderBy('created_at', 'desc').orderBy('id', 'desc').execute()
    return rows.map((row) => signingKeys.decode(row) as SigningKeyRecord)
  }

  /** Two nodes may make the first key at once: the index lets one of them in, and both use it. */
  async #create(): Promise<SigningKeyRecord> {
    const row = await this.#generate()
    const rows = await this.#options.database.transaction(async (tx) => {
      await tx.insertInto('signing_keys').values(signingKeys.encode(row) as never).onConflict((conflict) => conflict.doNothing()).execute()
      return this.#select(tx)
    })
    this.#cache = { readAt: Date.now(), rows }
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
      key = { id: row.id, privateKey: createPrivateKey(this.#options.vault.open(row.privateKey)), publicJwk: row.publicJwk }
      this.#opened.set(row.id, key)
    }
    return key
  }
}

/** A public key as PEM, for `jwtKey`. */
export function toPem(publicJwk: Record<string, string>): string {
  return createPublicKey({ key: publicJwk, format: 'jwk' }).export({ format: 'pem', type: 'spki' }) as string
}
