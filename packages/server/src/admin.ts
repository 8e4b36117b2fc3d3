import { hashKey } from './http/access.js'
import { frontendHostOf, publishableKeyOf, type Instance } from './resources/instances/instance.js'
import type { InstanceRegistry } from './resources/instances/instance-registry.js'
import { toPem } from './resources/signing-keys/signing-keys.js'
import type { Clock, Ids, Random } from './runtime.js'
import { applySeed, type SeedResult } from './seed/apply-seed.js'
import type { Database } from './storage/database.js'
import type { InstanceRecord } from './storage/tables.js'

/** How long a retired signing key stays in the key set by default, in seconds: a day, longer than tokens are cached anywhere. */
const SIGNING_KEY_OVERLAP = 24 * 60 * 60

export interface CreateInstanceOptions {
  /** Default is a new `ins_…`. */
  id?: string
  environmentType?: 'development' | 'production'
  name?: string
  /** Default is a new `sk_test_…` or `sk_live_…`. */
  secretKey?: string
  /** Holds the frontend host; must be of the same environment as the instance. */
  publishableKey?: string
  /** Default is `<word>-<word>-<number>.clerk.accounts.dev` in development; production needs it, or a publishable key. */
  frontendHost?: string
  /** The instance of requests that name none. At most one. */
  isDefault?: boolean
}

export interface InstanceSummary {
  id: string
  name: string
  environmentType: 'development' | 'production'
  frontendHost: string
  publishableKey: string
  isDefault: boolean
  /** Unix milliseconds. */
  createdAt: number
}

export interface CreatedInstance extends InstanceSummary {
  /** Shown once: only its digest is kept. */
  secretKey: string
  /** What `CLERK_API_URL` is set to. */
  apiUrl: string
  /** Where browsers find the Frontend API of this instance. */
  frontendApiUrl: string
}

export interface KeySummary {
  id: string
  name: string
  createdAt: number
  lastUsedAt: number | null
  revokedAt: number | null
}

/** An instance that is asked for cannot be made or changed so. */
export class AdminError extends Error {
  override readonly name = 'AdminError'
}

interface AdminOptions {
  registry: InstanceRegistry
  database: Database
  clock: Clock
  ids: Ids
  random: Random
  publicUrl(): string
}

/** What an operator does with instances and their keys. */
export class Admin {
  constructor(private readonly options: AdminOptions) {}

  /** @throws {AdminError} when the keys do not fit the environment, or are taken */
  async createInstance(options: CreateInstanceOptions = {}): Promise<CreatedInstance> {
    const { registry, database, clock, ids, random } = this.options
    const { environmentType = 'development', isDefault = false } = options
    const kind = environmentType === 'development' ? 'test' : 'live'
    if (options.publishableKey && !options.publishableKey.startsWith(`pk_${kind}_`))
      throw new AdminError(`The publishable key of a ${environmentType} instance begins with pk_${kind}_`)
    if (options.secretKey !== undefined) requireSecretKey(options.secretKey, environmentType)
    const host = options.publishableKey ? frontendHostOf(options.publishableKey) : options.frontendHost
    if (options.publishableKey && host === undefined)
      throw new AdminError(
        'The publishable key is not one: after pk_test_ or pk_live_ it is the base64 of a host name with a dot, and "$"',
      )
    if (host === undefined && environmentType === 'production')
      throw new AdminError(
        'A production instance needs a publishable key or a frontend host, such as clerk.example.com',
      )
    const now = clock.now()
    const secretKey = options.secretKey ?? newSecretKey(environmentType, random)
    const id = options.id ?? ids.next('ins')
    const record: InstanceRecord = {
      id,
      environmentType,
      name: options.name ?? environmentType,
      frontendHost: host ?? developmentHost(random),
      isDefault,
      settings: {},
      createdAt: now,
      updatedAt: now,
    }
    await database.transaction(async (tx) => {
      if (!(await registry.store.insert(record, tx)))
        throw new AdminError(
          `There is an instance with the host ${record.frontendHost} or the id ${id} already${isDefault ? ', or another default instance' : ''}`,
        )
      await this.#insertKey(id, 'default', secretKey, tx)
    })
    return { ...summary((await registry.store.find(id))!), secretKey, ...this.urls(record) }
  }

  async listInstances(): Promise<InstanceSummary[]> {
    return (await this.options.registry.store.list()).map(summary)
  }

  async defaultInstance(): Promise<InstanceSummary | undefined> {
    const instance = await this.options.registry.store.findDefault()
    return instance && summary(instance)
  }

  urls(instance: Pick<Instance, 'id' | 'isDefault'>): { apiUrl: string; frontendApiUrl: string } {
    const publicUrl = this.options.publicUrl()
    return { apiUrl: publicUrl, frontendApiUrl: instance.isDefault ? publicUrl : `${publicUrl}/i/${instance.id}` }
  }

  /** The public key for `jwtKey`, PEM. */
  async jwtKey(instanceId: string): Promise<string> {
    const services = await this.#services(instanceId)
    return toPem((await services.signingKeys.current()).publicJwk)
  }

  async listKeys(instanceId: string): Promise<KeySummary[]> {
    await this.#services(instanceId)
    return (await this.options.registry.store.listKeys(instanceId)).map(
      ({ id, name, createdAt, lastUsedAt, revokedAt }) => ({ id, name, createdAt, lastUsedAt, revokedAt }),
    )
  }

  /** @returns the key, which is shown this once */
  async createKey(
    instanceId: string,
    { name, secretKey }: { name: string; secretKey?: string },
  ): Promise<{ id: string; name: string; secretKey: string }> {
    const { context } = await this.#services(instanceId)
    const { environmentType } = context.instance
    if (secretKey !== undefined) requireSecretKey(secretKey, environmentType)
    const key = secretKey ?? newSecretKey(environmentType, this.options.random)
    const id = await this.options.database.transaction((tx) => this.#insertKey(instanceId, name, key, tx))
    return { id, name, secretKey: key }
  }

  /** @returns false when there is no such key, or it was revoked before */
  async revokeKey(id: string): Promise<boolean> {
    const { registry, database, clock } = this.options
    const revoked = await database.transaction((tx) => registry.store.revokeKey(id, clock.now(), tx))
    registry.forgetKeys()
    return revoked
  }

  /** @returns whether the key is one of the instance's */
  async hasKey(instanceId: string, secretKey: string): Promise<boolean> {
    return (await this.options.registry.authenticate(secretKey))?.context.instanceId === instanceId
  }

  /**
   * Makes a new key. It is in the key set at once and signs two seconds later, when every node publishes it; the old one
   * stays in the key set for `overlapSeconds` after that, a day by default.
   *
   * @returns the new key's id and the PEM for `jwtKey`
   */
  async rotateSigningKey(
    instanceId: string,
    { overlapSeconds = SIGNING_KEY_OVERLAP } = {},
  ): Promise<{ keyId: string; jwtKey: string }> {
    const services = await this.#services(instanceId)
    const key = await services.signingKeys.rotate(overlapSeconds)
    return { keyId: key.id, jwtKey: toPem(key.publicJwk) }
  }

  /**
   * Brings the instance what the document says; what is there already stays as it is.
   *
   * @param document as parsed from JSON or YAML; `docs/seed.md` describes it
   * @throws {SeedError} with the path to what is wrong
   */
  async seed(instanceId: string, document: unknown): Promise<SeedResult> {
    return applySeed(document, await this.#services(instanceId))
  }

  /** Writes a consistent copy of the database while it is in use. SQLite only. */
  backup(file: string): Promise<void> {
    return this.options.database.backup(file)
  }

  async #services(instanceId: string) {
    const services = await this.options.registry.services(instanceId)
    if (!services)
      throw new AdminError(`There is no instance ${instanceId}. "latchkey instances list" shows those there are`)
    return services
  }

  async #insertKey(
    instanceId: string,
    name: string,
    secretKey: string,
    tx: Parameters<Parameters<Database['transaction']>[0]>[0],
  ): Promise<string> {
    const { registry, clock, ids } = this.options
    const id = ids.next('key')
    const inserted = await registry.store.insertKey(
      { id, instanceId, name, hash: hashKey(secretKey), createdAt: clock.now(), lastUsedAt: null, revokedAt: null },
      tx,
    )
    if (!inserted) throw new AdminError('The secret key belongs to an instance of this server already')
    return id
  }
}

function summary(instance: Instance): InstanceSummary {
  const { id, name, environmentType, frontendHost, isDefault, createdAt } = instance
  return { id, name, environmentType, frontendHost, publishableKey: publishableKeyOf(instance), isDefault, createdAt }
}

/** @throws {AdminError} when it has another form, or is for the other environment */
function requireSecretKey(secretKey: string, environmentType: 'development' | 'production'): void {
  const kind = environmentType === 'development' ? 'test' : 'live'
  if (!new RegExp(`^sk_${kind}_[\\x21-\\x7e]{1,256}$`).test(secretKey))
    throw new AdminError(`The secret key of a ${environmentType} instance begins with sk_${kind}_ and has no spaces`)
}

/** `sk_test_` or `sk_live_` and 43 characters with some 250 bits of chance. */
export function newSecretKey(environmentType: 'development' | 'production', random: Random): string {
  // Bytes past the last whole multiple of 62 would make some characters likelier than others.
  const letters = Array.from(random.bytes(128))
    .filter((byte) => byte < 248)
    .slice(0, 43)
    .map((byte) => BASE62[byte % 62])
  return `sk_${environmentType === 'development' ? 'test' : 'live'}_${letters.join('')}`
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const ADJECTIVES = [
  'amber',
  'brave',
  'calm',
  'clever',
  'eager',
  'fleet',
  'gentle',
  'happy',
  'keen',
  'lucky',
  'merry',
  'noble',
  'proud',
  'quick',
  'sunny',
  'warm',
]
const ANIMALS = [
  'badger',
  'crane',
  'dove',
  'falcon',
  'gecko',
  'heron',
  'ibex',
  'jay',
  'koala',
  'lark',
  'marten',
  'otter',
  'panda',
  'robin',
  'seal',
  'wren',
]

/** Of the form that switches the browser packages to their development mode; no browser ever goes there. */
function developmentHost(random: Random): string {
  const [first, second, third, fourth, fifth] = random.bytes(5) as unknown as [number, number, number, number, number]
  return `${ADJECTIVES[first % 16]}-${ANIMALS[second % 16]}-${(third << 16) | (fourth << 8) | fifth}.clerk.accounts.dev`
}
