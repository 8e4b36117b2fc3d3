import type { Clock, Logger } from '../../kernel/runtime.js'
import type { Job } from '../jobs.js'
import type { DeliveryStore } from './delivery-store.js'
import { DeliveryWorker, LEASE } from './delivery-worker.js'
import type { MessageTransport } from './message-transport.js'
import { createSmtpTransport, type MailOptions } from './smtp-transport.js'
import { createGatewayTransport, type GatewayOptions } from './gateway-transport.js'
import { createTwilioTransport, type TwilioOptions } from './twilio-transport.js'

/** How often codes that have expired are removed, in milliseconds. */
const EXPIRE_EVERY = 60_000

export interface DeliveryOptions {
  /** Where mail is sent. Without it mail stays queued. */
  mail?: MailOptions
  /** Where text messages are sent. Without it they stay queued. */
  sms?: TwilioOptions | GatewayOptions
  /**
   * How often to look for messages that other nodes queued or that are due for a retry, in milliseconds. Default is a
   * second.
   */
  messagesPollEvery?: number
}

export interface Delivery {
  /** Looks for queued messages. Undefined if this server sends no messages. */
  wake: (() => void) | undefined
  stop(): Promise<void>
}

/** @throws {DeliverySettingError} */
export function createTransports({ mail, sms }: DeliveryOptions, fetch: typeof globalThis.fetch): MessageTransport[] {
  const gateway = sms && ('gateway' in sms ? createGatewayTransport(sms, fetch) : createTwilioTransport(sms, fetch))
  return [...(mail ? [createSmtpTransport(mail)] : []), ...(gateway ? [gateway] : [])]
}

/** Sends queued messages from now on. */
export function startDelivery(
  transports: MessageTransport[],
  {
    pollEvery = 1000,
    ...options
  }: { store: DeliveryStore; clock: Clock; logger: Logger; pollEvery?: number | undefined },
): Delivery {
  const workers = transports.map((transport) => new DeliveryWorker({ ...options, transport, pollEvery }))
  for (const worker of workers) worker.start()
  return {
    wake: workers.length === 0 ? undefined : () => workers.forEach((worker) => worker.wake()),
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.stop()))
    },
  }
}

/** Removes codes that have expired from the messages that carried them. */
export function codeExpiry(store: DeliveryStore): Job {
  // Only after a lease has passed, so that a message being sent is settled by the node that sends it.
  return { name: 'expired codes', every: EXPIRE_EVERY, run: (now) => store.expire(now - LEASE, now) }
}

/** Removes the recipients to whom sending is tried again. */
export function suppressionExpiry(store: DeliveryStore): Job {
  return { name: 'ended suppressions', every: 60 * EXPIRE_EVERY, run: (now) => store.removeEndedSuppressions(now) }
}
