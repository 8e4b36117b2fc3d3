import { developmentHost } from '../instances/development-host.js'
import { frontendApiUrlOf, type Addressed } from '../instances/instance.js'
import { secrets, type InstanceRecord, type SecretRecord } from '../instances/instances.table.js'
import type { OperatorKeys } from '../instances/operator-keys.store.js'
import { hashSecret, newSecret } from '../instances/secrets.js'
import { toPem, type SigningKeyTimes } from '../instances/signing-keys.js'
import { operator } from '../kernel/caller.js'
import type { Clock, Ids, Random } from '../kernel/runtime.js'
import { AuditTrail, type AuditFilter, type AuditPosition } from '../outbox/audit.js'
import type { AuditEntryRecord } from '../outbox/events.table.js'
import type { Vault } from '../lib/secrets/vault.js'
import type { Database, Queries } from '../storage/database.js'
import type { AccountlessApplication } from '../resources/accountless-applications/accountless-applications.backend-api.js'
import { primaryDomainOf } from '../resources/domains/domains.rules.js'
import { domains } from '../resources/domains/domains.table.js'
import { insertUnlessTaken } from '../storage/compiled.js'
import { exclusively, takeTurn } from '../storage/exclusively.js'
import { resealInParts, type Resealing } from '../storage/reseal.js'
import { Rows } from '../storage/rows.js'
import { applySeed, type SeedResult } from '../transfer/seed/apply-seed.js'
import {
  AdminError,
  hostOf,
  noInstance,
  requireSecretKey,
  summary,
  taken,
  type InstanceSummary,
} from './admin.rules.js'
import type { InstanceRegistry } from './registry.js'
import { MessageAdmin } from './message-admin.js'
import { prepareRestored, type RestoredOptions } from './restored.js'
import { WebhookAdmin } from './webhook-admin.js'
import type { Services } from './services/index.js'
import { tables } from './tables.js'

/** How long a new signing key stands in the key set before it signs by default, in seconds: twice as long as SDKs cache it. */
const SIGNING_KEY_PUBLISHED = 10 * 60

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
  /** Whether requests that name no instance go to this one. At most one instance can be the default. */
  isDefault?: boolean
}

export interface CreatedInstance extends InstanceSummary {
  /** Shown once: only its digest is kept. */
  secretKey: string
  /** The value for `CLERK_API_URL`. */
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

interface AdminOptions {
  registry: InstanceRegistry
  operatorKeys: OperatorKeys
  database: Database
  vault: Vault
  clock: Clock
  ids: Ids
  random: Random
  publicUrl(): string
}

/** The operator's actions on instances and their keys. The instance's audit trail records them as an operator's. */
export class Admin {
  constructor(private readonly options: AdminOptions) {}

  /** @throws {AdminError} if the keys do not fit the environment, or are taken */
  async createInstance(options: CreateInstanceOptions = {}): Promise<CreatedInstance> {
    const { registry, database, clock, ids, random } = this.options
    const { environmentType = 'development', isDefault = false } = options
    if (options.secretKey !== undefined) requireSecretKey(options.secretKey, environmentType)
    const now = clock.now()
    const secretKey = options.secretKey ?? newSecret('secret_key', environmentType, random)
    const record: InstanceRecord = {
      id: options.id ?? ids.next('ins'),
      environmentType,
      name: options.name ?? environmentType,
      frontendHost: hostOf(options, environmentType) ?? developmentHost(random),
      isDefault,
      settings: {},
      createdAt: now,
      updatedAt: now,
    }
    const { id, frontendHost } = record
    await database.transaction(async (queries) => {
      if (!(await registry.store.create(record, queries))) throw taken(frontendHost, options)
      await this.#createDomain(record, queries)
      await this.#audit(id, 'instance.created', id, queries)
      await this.#createSecret(id, 'default', secretKey, queries)
    })
    const created = summary((await registry.store.find(id))!)
    return { ...created, secretKey, ...this.urls(created) }
  }

  /** A development instance for somebody who has no keys yet. */
  async createAccountless(name: string): Promise<AccountlessApplication> {
    const { publishableKey, secretKey, frontendApiUrl } = await this.createInstance({ name })
    return { publishableKey, secretKey, pagesUrl: frontendApiUrl }
  }

  async listInstances(): Promise<InstanceSummary[]> {
    return (await this.options.registry.store.list()).map(summary)
  }

  async defaultInstance(): Promise<InstanceSummary | undefined> {
    const instance = await this.options.registry.store.findDefault()
    return instance && summary(instance)
  }

  /**
   * Makes it the one that requests go to which name no instance. Nodes notice within a second.
   *
   * @throws {AdminError} if there is no such instance
   */
  async setDefaultInstance(id: string): Promise<InstanceSummary> {
    const { registry, database, clock } = this.options
    await database.transaction(async (queries) => {
      // On PostgreSQL two at once would not see each other's row.
      await takeTurn(database, queries)
      if (!(await registry.store.makeDefault(id, clock.now(), queries))) throw noInstance(id)
      await this.#audit(id, 'instance.updated', id, queries, ['is_default'])
    })
    return summary((await registry.store.find(id))!)
  }

  /**
   * Deletes an instance and everything in it. It takes as long as it takes; requests of other instances may wait.
   *
   * @throws {AdminError} if there is no such instance, or it is the default one beside others
   */
  async deleteInstance(id: string): Promise<void> {
    const { registry, database } = this.options
    const instances = await registry.store.list()
    const instance = instances.find((one) => one.id === id)
    if (!instance) throw noInstance(id)
    if (instance.isDefault && instances.length > 1) {
      throw new AdminError(
        `${id} is the default instance. Make another one the default first: latchkey instances default ID`,
      )
    }
    await database.patient.transaction((queries) => registry.store.delete(id, queries))
    registry.forgetKeys()
  }

  urls(instance: Addressed): { apiUrl: string; frontendApiUrl: string } {
    const publicUrl = this.options.publicUrl()
    return { apiUrl: publicUrl, frontendApiUrl: frontendApiUrlOf(instance, publicUrl) }
  }

  /** The public key for `jwtKey`, PEM. */
  async jwtKey(instanceId: string): Promise<string> {
    const services = await this.#services(instanceId)
    return toPem((await services.signingKeys.current()).publicJwk)
  }

  async listKeys(instanceId: string): Promise<KeySummary[]> {
    const { context } = await this.#services(instanceId)
    const keys = await new Rows(secrets, context).list({ kind: 'secret_key' })
    return keys.map(({ id, name, createdAt, lastUsedAt, revokedAt }) => ({
      id,
      name,
      createdAt,
      lastUsedAt,
      revokedAt,
    }))
  }

  /** The instance's signing keys, oldest first. */
  async listSigningKeys(instanceId: string): Promise<SigningKeyTimes[]> {
    return (await this.#services(instanceId)).signingKeys.timetable()
  }

  /** @returns the key, which cannot be read again */
  async createKey(
    instanceId: string,
    { name, secretKey }: { name: string; secretKey?: string },
  ): Promise<{ id: string; name: string; secretKey: string }> {
    const { context } = await this.#services(instanceId)
    const { environmentType } = context.instance
    if (secretKey !== undefined) requireSecretKey(secretKey, environmentType)
    const key = secretKey ?? newSecret('secret_key', environmentType, this.options.random)
    const id = await this.options.database.transaction((queries) => this.#createSecret(instanceId, name, key, queries))
    return { id, name, secretKey: key }
  }

  /** @returns the key, which cannot be read again */
  createOperatorKey(name: string): Promise<{ id: string; name: string; key: string }> {
    return this.options.operatorKeys.create(name)
  }

  async listOperatorKeys(): Promise<Omit<KeySummary, 'lastUsedAt'>[]> {
    const keys = await this.options.operatorKeys.list()
    return keys.map(({ id, name, createdAt, revokedAt }) => ({ id, name, createdAt, revokedAt }))
  }

  /**
   * @param id of a secret key or an operator key
   * @param options with `keepLast` the last active secret key of an instance is refused
   * @returns false if there is no such key, or it was revoked before
   * @throws {AdminError}
   */
  async revokeKey(id: string, { keepLast = false } = {}): Promise<boolean> {
    const { registry, operatorKeys, database, clock } = this.options
    if (await operatorKeys.revoke(id)) return true
    const revoked = await database.transaction(async (queries) => {
      // On PostgreSQL two at once would each see the other's key, and revoke both.
      if (keepLast) await takeTurn(database, queries)
      const key = await registry.store.revokeSecret(id, clock.now(), queries)
      if (key && keepLast && !(await registry.store.hasSecretKey(key.instanceId, queries))) {
        throw new AdminError(`This is the last active key of ${key.instanceId}: to do it, add --yes`)
      }
      if (key) await this.#audit(key.instanceId, 'secret_key.revoked', id, queries)
      return key !== undefined
    })
    registry.forgetKeys()
    return revoked
  }

  /** @returns whether the key belongs to the instance */
  async hasKey(instanceId: string, secretKey: string): Promise<boolean> {
    return (await this.options.registry.authenticate(secretKey))?.services.context.instanceId === instanceId
  }

  /**
   * Makes a new key. It is in the key set at once and signs after `publishSeconds`, ten minutes by default; the old one
   * stays in the key set for `overlapSeconds` after that, a day by default.
   *
   * @param options `publishSeconds: null` for a key that others have seen: the new one signs two seconds later, when
   *   every node publishes it, and no other does
   * @returns the new key's id, the PEM for `jwtKey`, and when it begins to sign, in Unix milliseconds
   */
  async rotateSigningKey(
    instanceId: string,
    {
      publishSeconds = SIGNING_KEY_PUBLISHED,
      overlapSeconds = SIGNING_KEY_OVERLAP,
    }: { publishSeconds?: number | null; overlapSeconds?: number } = {},
  ): Promise<{ keyId: string; jwtKey: string; signsAt: number }> {
    const services = await this.#services(instanceId)
    const key = await services.signingKeys.rotate({ publishSeconds, overlapSeconds }, operator('admin'))
    return { keyId: key.id, jwtKey: toPem(key.publicJwk), signsAt: key.signsAt }
  }

  /**
   * Before anything is sealed: what this server sealed with a key of its own, others could not open.
   *
   * @throws {VaultError} if the database was written with an encryption key that this server does not have
   */
  async checkEncryptionKey(): Promise<void> {
    const sealed = await this.options.registry.store.newestSealedKey()
    if (sealed !== undefined) this.options.vault.open(sealed)
  }

  /**
   * Seals with the current encryption key whatever another key has sealed, in all instances, while servers are running.
   * Those need both keys meanwhile. Interrupted, it goes on when it is called again.
   *
   * @throws {VaultError} for a value under a key that this server does not have
   */
  async rotateEncryption(): Promise<Resealing & { keyId: string }> {
    const { database, vault } = this.options
    return { keyId: vault.keyId, ...(await resealInParts(database, tables, vault.reseal)) }
  }

  /**
   * Entries of the instance's audit trail, oldest first.
   *
   * @param page `after` is the last entry of the page before
   */
  async listAudit(
    instanceId: string,
    filter: AuditFilter,
    page: { limit: number; after?: AuditPosition | undefined },
  ): Promise<AuditEntryRecord[]> {
    return (await this.#services(instanceId)).audit.list(filter, page)
  }

  /** The newest entries of the instance's audit trail, oldest first. */
  async latestAudit(instanceId: string, filter: AuditFilter, limit: number): Promise<AuditEntryRecord[]> {
    return (await this.#services(instanceId)).audit.latest(filter, limit)
  }

  /**
   * Creates what the document describes. Whatever exists already stays as it is.
   *
   * @param document as parsed from JSON or YAML; `docs/seed.md` describes it
   * @throws {SeedError} with the path to what is wrong
   */
  async seed(instanceId: string, document: unknown): Promise<SeedResult> {
    const { registry, database } = this.options
    const services = this.#require(instanceId, await registry.patientServices(instanceId))
    return exclusively(database, () => applySeed(document, services, operator('seed')))
  }

  /** The instance's webhook endpoints, and what was sent to them. */
  async webhooks(instanceId: string): Promise<WebhookAdmin> {
    return new WebhookAdmin((await this.#services(instanceId)).webhookEndpoints)
  }

  /** What was sent to the people of the instance. */
  async messages(instanceId: string): Promise<MessageAdmin> {
    return new MessageAdmin((await this.#services(instanceId)).context)
  }

  /** Writes a consistent copy of the database while it is in use. SQLite only. */
  backup(file: string): Promise<void> {
    return this.options.database.backup(file)
  }

  /** See `prepareRestored`. */
  restored(options: RestoredOptions = {}): Promise<{ messages: number }> {
    return prepareRestored(this.options, options)
  }

  async #services(instanceId: string) {
    return this.#require(instanceId, await this.options.registry.services(instanceId))
  }

  #require(instanceId: string, services: Services | undefined): Services {
    if (services) return services
    throw noInstance(instanceId)
  }

  async #createSecret(instanceId: string, name: string, secretKey: string, queries: Queries): Promise<string> {
    const { registry, clock, ids } = this.options
    const id = ids.next('key')
    const record: SecretRecord = {
      id,
      instanceId,
      kind: 'secret_key',
      name,
      hash: hashSecret(secretKey),
      createdAt: clock.now(),
      lastUsedAt: null,
      revokedAt: null,
      machineId: null,
      sealed: null,
      expiresAt: null,
    }
    if (!(await registry.store.createSecret(record, queries))) {
      throw new AdminError('The secret key already belongs to an instance of this server')
    }
    await this.#audit(instanceId, 'secret_key.created', id, queries)
    return id
  }

  /** The primary one. @throws {AdminError} if a satellite of another instance has the host */
  async #createDomain(instance: InstanceRecord, queries: Queries): Promise<void> {
    const { id: instanceId, frontendHost, createdAt } = instance
    const { database, ids } = this.options
    const record = {
      ...primaryDomainOf(instance),
      id: ids.next(domains.prefix),
      instanceId,
      createdAt,
      updatedAt: createdAt,
    }
    if (!(await insertUnlessTaken({ table: domains, record, database, queries }))) {
      throw new AdminError(`The host ${frontendHost} is that of another instance's satellite domain`)
    }
  }

  #audit(
    instanceId: string,
    action: string,
    targetId: string,
    queries: Queries,
    changed: readonly string[] = [],
  ): Promise<void> {
    const { database, clock, ids } = this.options
    const trail = new AuditTrail({ instanceId, database, clock, ids })
    return trail.write(action, targetId, changed, operator('admin'), queries)
  }
}
