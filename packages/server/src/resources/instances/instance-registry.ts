import { LRUCache } from 'lru-cache'
import { hashKey } from '../../http/access.js'
import { createServices, type Services } from '../../services.js'
import type { Instance } from './instance.js'
import type { InstanceContext } from './instance-context.js'
import { InstanceStore } from './instances.store.js'

/** How long a key, and the settings of its instance, are trusted without looking again, in milliseconds. */
const TRUSTED_FOR = 1000
/** Instances whose services are kept ready. */
const INSTANCES = 1000
const KEYS = 10_000
/** The last use of a key is known to the minute. */
const TOUCH_EVERY = 60_000

type SharedContext = Omit<InstanceContext, 'events' | 'messages' | 'instanceId' | 'instance' | 'refreshInstance'>

interface KnownKey {
  keyId: string
  entry: Entry
  readAt: number
}

interface Entry {
  shared: SharedContext & { instanceId: string; instance: Instance; refreshInstance(): Promise<void> }
  services: Services
}

/** Knows the instances of this server by their keys, and keeps the services of those in use. */
export class InstanceRegistry {
  readonly store: InstanceStore
  readonly #entries = new LRUCache<string, Entry>({ max: INSTANCES })
  readonly #keys = new LRUCache<string, KnownKey>({ max: KEYS })
  readonly #touched = new LRUCache<string, number>({ max: KEYS })

  constructor(private readonly shared: SharedContext) {
    this.store = new InstanceStore(shared.database)
  }

  /** The services of the instance that the key is of, or undefined when it is nobody's. */
  async authenticate(key: string): Promise<Services | undefined> {
    const hash = hashKey(key)
    const known = this.#keys.get(hash)
    const now = performance.now()
    if (known && now - known.readAt < TRUSTED_FOR) return known.entry.services
    const found = await this.store.findByKeyHash(hash)
    if (!found) {
      this.#keys.delete(hash)
      return undefined
    }
    const entry = this.#entryOf(found.instance)
    this.#keys.set(hash, { keyId: found.keyId, entry, readAt: now })
    this.#touch(found.keyId)
    return entry.services
  }

  async services(instanceId: string): Promise<Services | undefined> {
    const instance = await this.store.find(instanceId)
    return instance && this.#entryOf(instance).services
  }

  /** Forgets what is cached: after a change made through this node, which must be seen at once. */
  async refresh(instanceId: string): Promise<void> {
    const instance = await this.store.find(instanceId)
    if (instance) this.#entryOf(instance)
  }

  forgetKeys(): void {
    this.#keys.clear()
  }

  #entryOf(instance: Instance): Entry {
    let entry = this.#entries.get(instance.id)
    if (!entry) {
      const shared = {
        ...this.shared,
        instanceId: instance.id,
        instance,
        refreshInstance: () => this.refresh(instance.id),
      }
      entry = { shared, services: createServices(shared) }
      this.#entries.set(instance.id, entry)
    }
    // What was read before a change can arrive after it: the later state stays.
    if (instance.updatedAt >= entry.shared.instance.updatedAt) entry.shared.instance = instance
    return entry
  }

  #touch(keyId: string): void {
    const now = this.shared.clock.now()
    if (now - (this.#touched.get(keyId) ?? Number.NEGATIVE_INFINITY) < TOUCH_EVERY) return
    this.#touched.set(keyId, now)
    this.shared.database
      .transaction((tx) => this.store.touchKey(keyId, now, tx))
      .catch((error: unknown) =>
        this.shared.logger.warn({ err: error, keyId }, 'The last use of a secret key could not be written'),
      )
  }
}
