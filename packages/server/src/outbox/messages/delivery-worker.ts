import type { Clock, Logger } from '../../kernel/runtime.js'
import type { MessageRecord } from './messages.table.js'
import { EXPIRED, type DeliveryStore } from './delivery-store.js'
import { describeFailure } from './describe-failure.js'
import { DeliveryError, type DeliveryFailure, type MessageTransport } from './message-transport.js'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Delays from each failed attempt to the next, in milliseconds. After the last attempt the message has failed. */
export const RETRY_DELAYS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR]
/** The longest delay while the other side accepts no message at all, in milliseconds. */
const OUTAGE_DELAY = 10 * MINUTE
/**
 * Older messages are given up, in milliseconds: if sending stops for long, people do not receive all old messages at
 * once.
 */
export const MAX_AGE = 24 * HOUR
/** The longest time that one attempt may take, in milliseconds. */
const ATTEMPT_TIMEOUT = MINUTE
/** How long a claim holds, in milliseconds: longer than an attempt takes. */
export const LEASE = 2 * MINUTE
/** How long sending pauses if the other side accepts no message at all, in milliseconds. */
const REST = 5 * SECOND
/** Messages that are sent at the same time. */
const CONCURRENCY = 8
/** How long `stop` waits for messages that are being sent, in milliseconds. */
const STOP_TIMEOUT = 10 * SECOND
/** How long nothing is sent to a recipient that does not exist, in milliseconds. */
export const SUPPRESSED_FOR = 30 * 24 * HOUR

interface DeliveryWorkerOptions {
  store: DeliveryStore
  transport: MessageTransport
  clock: Clock
  logger: Logger
  /** How often to look for messages that other nodes queued or that are due for a retry, in milliseconds. */
  pollEvery: number
}

interface Attempt {
  done: Promise<void>
  abort: AbortController
}

/**
 * Sends what is queued for one transport, at least once: if a node dies after sending a message and before recording
 * that, the message is sent again.
 */
export class DeliveryWorker {
  readonly #attempts = new Set<Attempt>()
  #restUntil = 0
  #poll: NodeJS.Timeout | undefined
  #turn: Promise<void> | undefined
  #anotherTurn = false
  #stopping = false

  constructor(private readonly options: DeliveryWorkerOptions) {}

  start(): void {
    this.#poll = setInterval(() => this.wake(), this.options.pollEvery).unref()
    this.wake()
  }

  /** Looks for messages at once. */
  wake(): void {
    if (this.#stopping) return
    this.#anotherTurn = true
    this.#turn ??= this.#takeTurns()
  }

  /**
   * Claims no new messages and waits for those being sent. Messages still unanswered then are cut off, and sent again
   * later.
   */
  async stop(): Promise<void> {
    this.#stopping = true
    clearInterval(this.#poll)
    await this.#turn
    const cutOff = setTimeout(() => {
      for (const { abort } of this.#attempts) abort.abort()
    }, STOP_TIMEOUT)
    await Promise.all([...this.#attempts].map(({ done }) => done))
    clearTimeout(cutOff)
  }

  async #takeTurns(): Promise<void> {
    while (this.#anotherTurn && !this.#stopping) {
      this.#anotherTurn = false
      try {
        await this.#takeDue()
      } catch (error) {
        this.options.logger.warn({ err: error }, 'Queued messages could not be read')
      }
    }
    this.#turn = undefined
  }

  async #takeDue(): Promise<void> {
    const { store, transport, clock } = this.options
    const now = clock.now()
    const limit = CONCURRENCY - this.#attempts.size
    if (limit === 0 || now < this.#restUntil) return
    const claimed = await store.claim({ channel: transport.channel, limit, now, lease: LEASE })
    for (const message of claimed) this.#attempt(message)
  }

  #attempt(message: MessageRecord): void {
    const abort = new AbortController()
    const timeout = setTimeout(() => abort.abort(), ATTEMPT_TIMEOUT)
    const attempt: Attempt = {
      abort,
      done: this.#deliver(message, abort.signal)
        .catch((error: unknown) =>
          this.options.logger.warn(
            { err: error, messageId: message.id },
            'The outcome of a delivery could not be recorded',
          ),
        )
        .finally(() => {
          clearTimeout(timeout)
          this.#attempts.delete(attempt)
          // There is room for another message, and the next one to the same recipient may be sent.
          this.wake()
        }),
    }
    this.#attempts.add(attempt)
  }

  async #deliver(message: MessageRecord, signal: AbortSignal): Promise<void> {
    const { store, transport, clock, logger } = this.options
    const now = clock.now()
    if (message.expiresAt !== null && message.expiresAt <= now) return this.#giveUp(message, EXPIRED)
    if (message.createdAt + MAX_AGE <= now) return this.#giveUp(message, 'It waited for more than a day')
    const suppressed = await store.suppressionOf(message, now)
    if (suppressed) return this.#giveUp(message, `Nothing is sent to the recipient any more: ${suppressed.reason}`)
    try {
      await transport.send(message, signal)
    } catch (error) {
      return this.#retryOrGiveUp(message, error)
    }
    await store.delivered(message, clock.now())
    logger.debug({ messageId: message.id, channel: message.channel, attempts: message.attempts }, 'A message was sent')
  }

  async #retryOrGiveUp(message: MessageRecord, error: unknown): Promise<void> {
    const { store, transport, clock, logger } = this.options
    const reason = describeFailure(error, message, transport.secrets)
    const failure = error instanceof DeliveryError ? error.failure : 'deferred'
    const now = clock.now()
    if (failure === 'unavailable') this.#restUntil = now + REST
    if (error instanceof DeliveryError && error.isRecipientGone)
      await store.suppress(message, reason, now + SUPPRESSED_FOR, now)
    const delay = delayAfter(failure, message)
    if (failure === 'refused' || delay === undefined) return this.#giveUp(message, reason)
    await store.retryAt(message, now + delay, reason, now)
    logger.warn(
      {
        messageId: message.id,
        channel: message.channel,
        attempts: message.attempts,
        retryInSeconds: delay / SECOND,
        reason,
      },
      'A message could not be sent and will be retried',
    )
  }

  async #giveUp(message: MessageRecord, reason: string): Promise<void> {
    const { store, clock, logger } = this.options
    await store.failed(message, reason, clock.now())
    logger.warn(
      { messageId: message.id, channel: message.channel, attempts: message.attempts, reason },
      'A message could not be delivered',
    )
  }
}

/**
 * Milliseconds to the next attempt; undefined after the last one. A code that waited for longer would have expired. While a
 * server takes nothing at all, no message is at fault: none is given up for that before it is a day old.
 */
function delayAfter(failure: DeliveryFailure, { attempts, createdAt, expiresAt }: MessageRecord): number | undefined {
  const planned = RETRY_DELAYS[attempts - 1]
  const isCode = expiresAt !== null && expiresAt - createdAt <= HOUR
  const longest = isCode ? MINUTE : failure === 'unavailable' ? OUTAGE_DELAY : undefined
  return longest === undefined ? planned : Math.min(planned ?? longest, longest)
}
