import type { Clock, Logger } from '../runtime.js'
import type { Database, Queries } from '../storage/database.js'
import { DeliveryStore } from './delivery-store.js'
import { DeliveryWorker, LEASE } from './delivery-worker.js'
import type { MessageTransport } from './message-transport.js'
import { createSmtpTransport, type MailOptions } from './smtp-transport.js'
import { createTwilioTransport, type SmsOptions } from './twilio-transport.js'

/** How often codes that have expired are removed, in milliseconds. */
const EXPIRE_EVERY = 60_000

export interface DeliveryOptions {
  /** Where mail is sent. Without it mail stays queued. */
  mail?: MailOptions
  /** Where text messages are sent. Without it they stay queued. */
  sms?: SmsOptions
}

export interface Delivery {
  /** The database, which wakes the delivery after a commit that queued a message. */
  database: Database
  /** To be told of each transaction that queues a message. Undefined when nothing is sent. */
  queued: ((tx: Queries) => void) | undefined
  stop(): Promise<void>
}

/** @throws {DeliverySettingError} */
export function createTransports({ mail, sms }: DeliveryOptions, fetch: typeof globalThis.fetch): MessageTransport[] {
  return [...(mail ? [createSmtpTransport(mail)] : []), ...(sms ? [createTwilioTransport(sms, fetch)] : [])]
}

/** Sends what is queued from now on and removes expired codes; without transports it only does the latter. */
export function startDelivery(
  transports: MessageTransport[],
  { database, clock, logger }: { database: Database; clock: Clock; logger: Logger },
): Delivery {
  const store = new DeliveryStore(database)
  const workers = transports.map((transport) => new DeliveryWorker({ store, transport, clock, logger }))
  for (const worker of workers) worker.start()

  let expiring = Promise.resolve()
  const expiry = setInterval(() => {
    const now = clock.now()
    // Not before a lease has passed, so that a message under way is settled by whoever sends it.
    expiring = store
      .expire(now - LEASE, now)
      .catch((error: unknown) => logger.warn({ err: error }, 'Expired codes could not be removed'))
  }, EXPIRE_EVERY).unref()

  const stop = async () => {
    clearInterval(expiry)
    await Promise.all([...workers.map((worker) => worker.stop()), expiring])
  }
  return workers.length === 0 ? { database, queued: undefined, stop } : { ...wakeAfterCommit(database, workers), stop }
}

function wakeAfterCommit(database: Database, workers: DeliveryWorker[]): Pick<Delivery, 'database' | 'queued'> {
  // By transaction: PostgreSQL has several open at once; on SQLite all share one handle, but their bodies run one after another.
  const queuing = new WeakSet<Queries>()
  return {
    queued: (tx) => void queuing.add(tx),
    database: {
      ...database,
      async transaction(body) {
        let queued = false
        const result = await database.transaction(async (tx) => {
          queuing.delete(tx)
          const value = await body(tx)
          queued = queuing.delete(tx)
          return value
        })
        if (queued) for (const worker of workers) worker.wake()
        return result
      },
    },
  }
}
