import type { InstanceContext } from '../instances/instance-context.js'
import { frontendApiUrlOf, type Instance } from '../instances/instance.js'
import { InstanceStore } from '../instances/instances.store.js'
import { hashSecret } from '../instances/secrets.js'
import { boundedCache } from '../kernel/bounded-cache.js'
import { AuditTrail } from '../outbox/audit.js'
import { EventOutbox } from '../outbox/events.js'
import { createServices, type ServerParts, type Services } from './services/index.js'
import type { Installation } from './services/installation.js'
import { transactionsOf } from './transactions.js'

/** How long a key and the settings of its instance are cached, in milliseconds. */
const TRUSTED_FOR = 1000
/** How many instances keep their services in memory. */
const INSTANCES = 1000
const KEYS = 10_000
/** How often the last use of a key is recorded, in milliseconds. */
const TOUCH_EVERY = 60_000

/** What all instances of the server share. */
type Shared = Omit<InstanceContext, 'instanceId' | 'instance' | 'refreshInstance' | 'transaction'> &
  Omit<ServerParts, 'installation'> & { installation: Omit<Installation, 'frontendApiUrlAt'> }

interface KnownKey {
  keyId: string
  entry: Entry
  readAt: number
}

interface Entry {
  instance: Instance
  services: Services
}

/** Finds the instances of this server by their keys, and keeps the services of those in use. */
export class InstanceRegistry {
  readonly store: InstanceStore
  readonly #shared: Shared
  readonly #entries = boundedCache<Entry>(INSTANCES)
  readonly #keys = boundedCache<KnownKey>(KEYS)
  readonly #recents = boundedCache<Pick<KnownKey, 'entry' | 'readAt'>>(INSTANCES)
  readonly #touched = boundedCache<number>(KEYS)

  constructor(shared: Shared) {
    this.#shared = shared
    this.store = new InstanceStore(shared.database)
  }

  /** The services of the instance that the secret key belongs to, or undefined if the key is invalid. */
  async authenticate(key: string): Promise<{ keyId: string; services: Services } | undefined> {
    const hash = hashSecret(key)
    const known = this.#keys.get(hash)
    const now = performance.now()
    if (known && now - known.readAt < TRUSTED_FOR) return { keyId: known.keyId, services: known.entry.services }
    const found = await this.store.findBySecret('secret_key', hash, this.#shared.clock.now())
    if (!found) {
      this.#keys.delete(hash)
      return undefined
    }
    const entry = this.#entryOf(found.instance)
    this.#keys.set(hash, { keyId: found.secretId, entry, readAt: now })
    this.#touch(found.secretId)
    return { keyId: found.secretId, services: entry.services }
  }

  /**
   * The machine that the secret key belongs to, and the services of its instance; undefined if the key is invalid. Not
   * cached, so that a key that was replaced ends at once.
   */
  async authenticateMachine(key: string): Promise<{ machineId: string; services: Services } | undefined> {
    const found = await this.store.findBySecret('machine_secret_key', hashSecret(key), this.#shared.clock.now())
    if (!found || found.machineId === null) return undefined
    this.#touch(found.secretId)
    return { machineId: found.machineId, services: this.#entryOf(found.instance).services }
  }

  async services(instanceId: string): Promise<Services | undefined> {
    const instance = await this.store.find(instanceId)
    return instance && this.#entryOf(instance).services
  }

  /** As `services`, of a request: from memory if the instance was looked up within the last second. */
  servicesFor(instanceId: string): Promise<Services | undefined> {
    return this.#recent(`id ${instanceId}`, () => this.store.find(instanceId))
  }

  /** The instance whose Frontend API is at the host. */
  servicesAt(host: string): Promise<Services | undefined> {
    return this.#recent(`host ${host}`, () => this.store.findByHost(host))
  }

  async #frontendApiUrlAt(host: string): Promise<string | undefined> {
    const services = await this.servicesAt(host)
    return services && frontendApiUrlOf(services.context.instance, this.#shared.publicUrl())
  }

  /** The instance of requests that name none. */
  defaultServices(): Promise<Services | undefined> {
    return this.#recent('default', () => this.store.findDefault())
  }

  /** Some instance, for what is about none: the default one, where there is one. */
  anyServices(): Promise<Services | undefined> {
    return this.#recent('any', async () => (await this.store.findDefault()) ?? (await this.store.list())[0])
  }

  async #recent(key: string, find: () => Promise<Instance | undefined>): Promise<Services | undefined> {
    const now = performance.now()
    const known = this.#recents.get(key)
    if (known && now - known.readAt < TRUSTED_FOR) return known.entry.services
    const instance = await find()
    if (!instance) {
      this.#recents.delete(key)
      return undefined
    }
    const entry = this.#entryOf(instance)
    this.#recents.set(key, { entry, readAt: now })
    return entry.services
  }

  /** Services of their own, for a seed: their database has no deadlines. */
  async patientServices(instanceId: string): Promise<Services | undefined> {
    const instance = await this.store.find(instanceId)
    return instance && this.#createEntry(instance, this.#shared.database.patient).services
  }

  /** Reads the instance again, after a change made through this node, which must take effect at once. */
  async refresh(instanceId: string): Promise<Instance | undefined> {
    const instance = await this.store.find(instanceId)
    if (instance) this.#entryOf(instance)
    return instance
  }

  forgetKeys(): void {
    this.#keys.clear()
  }

  #entryOf(instance: Instance): Entry {
    let entry = this.#entries.get(instance.id)
    if (!entry) {
      entry = this.#createEntry(instance)
      this.#entries.set(instance.id, entry)
    }
    // A read that began before a change can end after it; keep the later state.
    if (instance.updatedAt >= entry.instance.updatedAt) entry.instance = instance
    return entry
  }

  #createEntry(instance: Instance, database = this.#shared.database): Entry {
    const { wake, wakeWebhooks, bell, consume, sender, installation, ...shared } = this.#shared
    const { clock, ids } = shared
    const instanceId = instance.id
    const audit = new AuditTrail({ instanceId, database, clock, ids })
    const events = new EventOutbox({ instanceId, database, clock, ids })
    const current = { instance }
    const context: InstanceContext = {
      ...shared,
      database,
      instanceId,
      get instance() {
        return current.instance
      },
      refreshInstance: async () => {
        const fresh = await this.refresh(instanceId)
        if (fresh) current.instance = fresh
      },
      transaction: transactionsOf({ instanceId, database, events, audit, wake: wakeWebhooks }),
    }
    return Object.assign(current, {
      services: createServices(context, audit, {
        wake,
        wakeWebhooks,
        bell,
        consume,
        sender,
        installation: { ...installation, frontendApiUrlAt: (host) => this.#frontendApiUrlAt(host) },
      }),
    })
  }

  #touch(keyId: string): void {
    const { clock, database, logger } = this.#shared
    const now = clock.now()
    if (now - (this.#touched.get(keyId) ?? Number.NEGATIVE_INFINITY) < TOUCH_EVERY) return
    this.#touched.set(keyId, now)
    database
      .transaction((queries) => this.store.touchSecret(keyId, now, queries))
      .catch((error: unknown) =>
        logger.warn({ err: error, keyId }, 'The last use of a secret key could not be recorded'),
      )
  }
}
