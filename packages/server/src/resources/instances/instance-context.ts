import type { EventOutbox } from '../../events/outbox.js'
import type { ImageTransformer } from '../../images/index.js'
import type { MessageOutbox } from '../../messages/message-outbox.js'
import type { PasswordHasher, BreachChecker } from '../../passwords/index.js'
import type { Clock, Ids, Logger, Random } from '../../runtime.js'
import type { Vault } from '../../secrets/vault.js'
import type { Database, Queries } from '../../storage/database.js'
import type { Instance } from './instance.js'

/** What every service of an instance is given: the instance itself and the means it works with. */
export interface InstanceContext {
  readonly instanceId: string
  /** As last read, at most a second ago. */
  readonly instance: Instance
  /** Reads `instance` again: after a change made through this node, which must be seen at once. */
  refreshInstance(): Promise<void>
  /** The base of URLs we hand out, without a slash at the end. */
  publicUrl(): string
  database: Database
  clock: Clock
  ids: Ids
  random: Random
  logger: Logger
  vault: Vault
  events: EventOutbox
  messages: MessageOutbox
  /** Told of each transaction that queues a message. Absent where none is sent. */
  messageQueued?: ((tx: Queries) => void) | undefined
  passwords: PasswordHasher
  breaches: BreachChecker
  imageTransformer: ImageTransformer
}
