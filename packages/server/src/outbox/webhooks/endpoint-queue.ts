import type { DeliveryRecord, EndpointRecord } from './webhooks.table.js'
import type { EventRow } from './envelope.js'

/** Attempts to one endpoint at a time, at most; fewer while it fails. */
const CONCURRENCY = 16
/** Claimed deliveries of one endpoint, those under way included, at most. */
const CLAIMED = 128
/** Failures in a row after which an endpoint rests. */
const PATIENCE = 5
const SHORTEST_REST = 250
const LONGEST_REST = 60_000

export interface Claimed {
  delivery: DeliveryRecord
  /** Undefined if it was erased. */
  event: EventRow | undefined
  /** By `performance.now()`. */
  claimedAt: number
}

/**
 * What this node has claimed for one endpoint. A fast receiver gets more at a time, a failing one less, and after several
 * failures in a row it is left alone for a while: its backlog must not keep the node busy.
 */
export class EndpointQueue {
  inFlight = 0
  readonly #waiting: Claimed[] = []
  #window = 4
  #failures = 0
  #restUntil = 0
  /** The same by `performance.now()`: a clock that tests hold still must not make an endpoint rest for ever. */
  #restEnd = 0
  /** Attempts that the throttle rate allows now. */
  #tokens = 1
  #refilledAt = performance.now()

  constructor(public endpoint: EndpointRecord) {}

  /** With the endpoint as it is now. A changed one is tried at once. */
  refresh(endpoint: EndpointRecord): void {
    if (endpoint.updatedAt !== this.endpoint.updatedAt) {
      this.#failures = 0
      this.#restUntil = 0
    }
    this.endpoint = endpoint
  }

  /** How many more deliveries to claim. @param now by the server's clock, as in all methods but `next` */
  room(now: number): number {
    if (this.#rest(now) > 0) return 0
    const most = Math.min(this.#window, this.endpoint.throttleRate ?? CLAIMED)
    const room = most - this.claimed
    // Few claims of many rows cost less than many of few.
    return room < most / 2 ? 0 : room
  }

  /** Claimed deliveries, those under way included. */
  get claimed(): number {
    return this.inFlight + this.#waiting.length
  }

  /** Whether nothing would be lost without it. */
  get isIdle(): boolean {
    return this.claimed === 0 && this.#failures === 0 && this.endpoint.throttleRate === null
  }

  add(claimed: Claimed): void {
    this.#waiting.push(claimed)
  }

  /** The next delivery to send now, if any may be sent. @param now by `performance.now()` */
  next(now: number): Claimed | undefined {
    if (this.#waiting.length === 0 || this.inFlight >= Math.min(this.#window, CONCURRENCY)) return undefined
    if (!this.#takeToken(now)) return undefined
    return this.#waiting.shift()
  }

  /** Gives back what was claimed and not sent. */
  drain(): Claimed[] {
    return this.#waiting.splice(0)
  }

  /** Milliseconds until something may be sent again; 0 if only an answer has to be awaited. */
  wait(now: number): number {
    const { throttleRate } = this.endpoint
    const rest = this.#rest(now)
    if (rest > 0) return rest
    return throttleRate !== null && this.#waiting.length > 0 ? 1000 / throttleRate : 0
  }

  succeeded(): void {
    this.#failures = 0
    this.#restUntil = 0
    this.#window = Math.min(CLAIMED, this.#window * 2)
  }

  failed(now: number): void {
    this.#failures++
    this.#window = Math.max(1, Math.floor(this.#window / 2))
    if (this.#failures < PATIENCE) return
    const rest = Math.min(LONGEST_REST, SHORTEST_REST * 2 ** (this.#failures - PATIENCE))
    this.#restUntil = now + rest
    this.#restEnd = performance.now() + rest
  }

  #rest(now: number): number {
    return Math.min(this.#restUntil - now, this.#restEnd - performance.now())
  }

  #takeToken(now: number): boolean {
    const rate = this.endpoint.throttleRate
    if (rate === null) return true
    this.#tokens = Math.min(Math.max(1, rate), this.#tokens + ((now - this.#refilledAt) * rate) / 1000)
    this.#refilledAt = now
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }
}
