import type { Caller } from '../kernel/caller.js'
import type { Clock, Ids, Logger, Random } from '../kernel/runtime.js'
import type { ImageTransformer } from '../lib/images/index.js'
import type { GuardedOutgoing } from '../lib/outgoing/guarded-outgoing.js'
import type { TxtLookup } from '../lib/outgoing/txt-lookup.js'
import type { BreachChecker, PasswordHasher } from '../lib/passwords/index.js'
import type { Vault } from '../lib/secrets/vault.js'
import type { Database } from '../storage/database.js'
import type { Tx } from '../storage/tx.js'
import type { Instance } from './instance.js'

/** Everything that the services of an instance share: the instance itself, its database, clock, ids and so on. */
export interface InstanceContext {
  readonly instanceId: string
  /** As last read, at most a second ago. */
  readonly instance: Instance
  /** Reads `instance` again, after a change made through this node, which must take effect at once. */
  refreshInstance(): Promise<void>
  /** The base of URLs the server returns, without a slash at the end. */
  publicUrl(): string
  /** Everything this server is reached at: where requests that others ask for must not go. */
  ownUrls(): readonly string[]
  /** For reading committed data. */
  readonly database: Database
  /**
   * Runs the body in a transaction and resolves once it is durable. The body awaits nothing but the database.
   *
   * @param caller who asks; events and the audit trail name them
   */
  transaction<T>(caller: Caller, body: (tx: Tx) => Promise<T>): Promise<T>
  readonly clock: Clock
  readonly ids: Ids
  readonly random: Random
  readonly logger: Logger
  readonly vault: Vault
  readonly passwords: PasswordHasher
  readonly breaches: BreachChecker
  readonly imageTransformer: ImageTransformer
  /** Calls other servers. Never in a transaction. */
  readonly outgoing: GuardedOutgoing
  /** Asks DNS. Never in a transaction. */
  readonly txtRecords: TxtLookup
}

/** The values that the wire form of a record may depend on, in addition to the record. */
export type WireContext = Pick<InstanceContext, 'clock' | 'publicUrl' | 'instance'>
