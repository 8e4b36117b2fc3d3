import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from '../../kernel/runtime.js'
import type { Database } from '../../storage/database.js'
import { attempt, type AttemptOptions, type AttemptResult } from './attempt.js'
import type { Bell } from './bell.js'
import { EndpointQueue, type Claimed } from './endpoint-queue.js'
import { disableEndpoint, warnOfEndpoint } from './endpoint-state.js'
import { EXHAUSTED_TO_DISABLE } from './schedule.js'
import { NUMBERED_AT_ONCE, Sequencer } from './sequencer.js'
import { WebhookStore, type Health, type Outcome } from './webhook-store.js'
import type { EndpointRecord } from './webhooks.table.js'

/** Deliveries that this node has claimed, of all endpoints, at most. */
const CLAIMED = 1000
/** Attempts that are settled in one transaction, at most. */
const SETTLED_AT_ONCE = 256
/** With more attempts than this under way, answers are gathered: for a moment, and on while more come, in milliseconds. */
const FEW = 4
const A_MOMENT = 3
const GATHERED_FOR = 30
/** How long `stop` waits for answers, in milliseconds. */
const STOP_TIMEOUT = 5000
/** How long before its lease ends a delivery is no longer sent, beside the time an attempt may take, in milliseconds. */
const LEASE_SLACK = 1000

type Settled = AttemptResult & { endpoint: EndpointRecord }

export interface WebhookWorkerOptions extends AttemptOptions {
  database: Database
  logger: Logger
  bell: Bell
}

/**
 * Numbers events and sends them to the endpoints, at least once: a node that dies after an attempt and before it is
 * recorded leaves it to be sent again. No request is made inside a transaction.
 */
export class WebhookWorker {
  readonly #store: WebhookStore
  readonly #sequencer: Sequencer
  readonly #queues = new Map<string, EndpointQueue>()
  readonly #underWay = new Set<Promise<void>>()
  #results: Settled[] = []
  #settling: Promise<void> | undefined
  #poll: NodeJS.Timeout | undefined
  #soon: NodeJS.Timeout | undefined
  #turn: Promise<void> | undefined
  #anotherTurn = false
  #stopping = false

  constructor(private readonly options: WebhookWorkerOptions) {
    this.#store = new WebhookStore(options.database)
    this.#sequencer = new Sequencer(options)
  }

  async start(): Promise<void> {
    if (this.options.database.dialect === 'sqlite') await this.#store.forgetLeases()
    this.#poll = setInterval(() => this.wake(), this.options.schedule.pollEvery).unref()
    this.wake()
  }

  /** Looks for events and due deliveries at once. */
  wake(): void {
    if (this.#stopping) return
    this.#anotherTurn = true
    this.#turn ??= this.#takeTurns()
  }

  /** Claims nothing more, and waits for the attempts under way. Those unanswered then are made again later. */
  async stop(): Promise<void> {
    this.#stopping = true
    clearInterval(this.#poll)
    clearTimeout(this.#soon)
    await this.#turn
    for (const queue of this.#queues.values())
      for (const claimed of queue.drain()) this.#giveBack(claimed, queue.endpoint)
    const cutOff = setTimeout(() => this.options.poster.close(), STOP_TIMEOUT)
    await Promise.all(this.#underWay)
    clearTimeout(cutOff)
    this.options.poster.close()
    await this.#settling
  }

  async #takeTurns(): Promise<void> {
    while (this.#anotherTurn && !this.#stopping) {
      this.#anotherTurn = false
      try {
        await this.#number()
        await this.#claim()
      } catch (error) {
        this.options.logger.warn({ err: error }, 'Events could not be prepared for delivery')
      }
    }
    this.#turn = undefined
  }

  async #number(): Promise<void> {
    for (;;) {
      const numbered = await this.#sequencer.number(this.options.clock.now())
      if (numbered > 0) this.options.bell.ring()
      if (numbered < NUMBERED_AT_ONCE) return
    }
  }

  async #claim(): Promise<void> {
    const { clock, schedule } = this.options
    const now = clock.now()
    const endpoints = await this.#store.dueEndpoints(now)
    const wanted: { endpointId: string; limit: number }[] = []
    let left = CLAIMED - [...this.#queues.values()].reduce((sum, queue) => sum + queue.claimed, 0)
    // From another one each time: if there are more endpoints than room, each gets its turn.
    const first = Math.floor(Math.random() * endpoints.length)
    for (let index = 0; index < endpoints.length && left > 0; index++) {
      const endpoint = endpoints[(first + index) % endpoints.length]!
      const limit = Math.min(left, this.#queueOf(endpoint).room(now))
      if (limit === 0) continue
      wanted.push({ endpointId: endpoint.id, limit })
      left -= limit
    }
    if (wanted.length > 0) {
      const claimedAt = performance.now()
      const deliveries = await this.#store.claim(wanted, { now, lease: schedule.lease })
      const events = await this.#store.events(deliveries.map(({ eventId }) => eventId))
      for (const delivery of deliveries) {
        this.#queues.get(delivery.endpointId)!.add({ delivery, event: events.get(delivery.eventId), claimedAt })
      }
    }
    for (const queue of this.#queues.values()) this.#pump(queue)
    this.#comeBack()
  }

  #queueOf(endpoint: EndpointRecord): EndpointQueue {
    let queue = this.#queues.get(endpoint.id)
    if (!queue) this.#queues.set(endpoint.id, (queue = new EndpointQueue(endpoint)))
    queue.refresh(endpoint)
    return queue
  }

  #pump(queue: EndpointQueue): void {
    for (;;) {
      const claimed = this.#stopping ? undefined : queue.next(performance.now())
      if (!claimed) return
      queue.inFlight++
      const sending = this.#send(claimed, queue)
        .catch((error: unknown) => this.options.logger.warn({ err: error }, 'An attempt to deliver an event failed'))
        .finally(() => {
          queue.inFlight--
          this.#underWay.delete(sending)
          this.#pump(queue)
        })
      this.#underWay.add(sending)
    }
  }

  async #send(claimed: Claimed, queue: EndpointQueue): Promise<void> {
    const { clock, schedule } = this.options
    const { delivery, event, claimedAt } = claimed
    const { endpoint } = queue
    if (performance.now() - claimedAt > schedule.lease - schedule.timeout - LEASE_SLACK)
      return this.#giveBack(claimed, endpoint)
    const expired = event?.expires_at != null && event.expires_at <= clock.now()
    if (!event || expired) {
      const outcome = { delivery, status: 'canceled', dueAt: null, counts: false, released: true, attempt: undefined }
      return this.#settle(
        { outcome: outcome as Outcome, succeeded: false, exhausted: false, disables: false },
        endpoint,
      )
    }
    const result = await attempt({ delivery, event }, endpoint, this.options)
    if (this.#stopping && !result.succeeded && result.outcome.attempt?.responseStatus === null)
      return this.#giveBack(claimed, endpoint)
    if (result.succeeded) queue.succeeded()
    else queue.failed(clock.now())
    this.#settle(result, endpoint)
  }

  /** As it was before the claim. */
  #giveBack({ delivery }: Claimed, endpoint: EndpointRecord): void {
    const { dueAt, released } = delivery
    const outcome: Outcome = { delivery, status: 'pending', dueAt, counts: false, released, attempt: undefined }
    this.#settle({ outcome, succeeded: false, exhausted: false, disables: false }, endpoint)
  }

  /** What ends while a transaction is under way is settled by the next one. */
  #settle(result: AttemptResult, endpoint: EndpointRecord): void {
    this.#results.push({ ...result, endpoint })
    this.#settling ??= this.#settleAll()
  }

  async #settleAll(): Promise<void> {
    while (this.#results.length > 0) {
      await this.#gather()
      const results = this.#results.splice(0, SETTLED_AT_ONCE)
      try {
        await this.#store.settle(
          results.map(({ outcome }) => outcome),
          healthsOf(results),
          this.options.clock.now(),
        )
        for (const result of results) this.#log(result)
        await this.#judgeEndpoints(results)
      } catch (error) {
        // They are sent again once their leases end.
        this.options.logger.warn({ err: error, count: results.length }, 'Outcomes of deliveries could not be recorded')
      }
      this.wake()
    }
    this.#settling = undefined
  }

  /** A commit costs more than the rest: many attempts under way are worth waiting for their answers. */
  async #gather(): Promise<void> {
    if (this.#underWay.size <= FEW) return
    const end = performance.now() + GATHERED_FOR
    let before: number
    do {
      before = this.#results.length
      await pause(A_MOMENT)
    } while (this.#results.length > before && this.#results.length < SETTLED_AT_ONCE && performance.now() < end)
  }

  /** Disables endpoints that want no more events or took none for days, and warns of the latter before. */
  async #judgeEndpoints(results: readonly Settled[]): Promise<void> {
    const { clock, schedule } = this.options
    const ids = new Set(results.filter(({ disables }) => disables).map(({ endpoint }) => endpoint.id))
    for (const id of ids) await disableEndpoint(id, 'The receiver asked for it', this.options)
    const failed = new Set(
      results.filter(({ outcome, succeeded }) => outcome.attempt && !succeeded).map(({ endpoint }) => endpoint.id),
    )
    if (failed.size === 0) return
    const now = clock.now()
    for (const endpoint of await this.#store.failing([...failed], now - schedule.warnAfter)) {
      const long = endpoint.failingSince! <= now - schedule.disableAfter
      if (long && endpoint.exhausted >= EXHAUSTED_TO_DISABLE) {
        await disableEndpoint(endpoint.id, 'It took no event for days', this.options)
      } else if (endpoint.warnedAt === null) await warnOfEndpoint(endpoint, this.options)
    }
  }

  #log({ outcome, exhausted, succeeded, endpoint }: Settled): void {
    const { logger } = this.options
    const { delivery, attempt: made } = outcome
    if (!made) return
    const fields = {
      endpointId: endpoint.id,
      eventId: delivery.eventId,
      attempts: delivery.attempts + 1,
      status: made.responseStatus,
    }
    if (exhausted) logger.warn(fields, 'An event could not be delivered and is given up')
    else logger.debug(fields, succeeded ? 'An event was delivered' : 'An event could not be delivered')
  }

  /** Looks again when a resting or throttled endpoint can take more, if that is before the next poll. */
  #comeBack(): void {
    const now = this.options.clock.now()
    let wait = Number.POSITIVE_INFINITY
    for (const [id, queue] of this.#queues) {
      const own = queue.wait(now)
      if (own > 0) wait = Math.min(wait, own)
      else if (queue.isIdle) this.#queues.delete(id)
    }
    clearTimeout(this.#soon)
    if (wait < this.options.schedule.pollEvery) this.#soon = setTimeout(() => this.wake(), wait).unref()
  }
}

/** One entry for each endpoint. A success outweighs failures of the same moment. */
function healthsOf(results: readonly Settled[]): Health[] {
  const healths = new Map<string, Health>()
  for (const { endpoint, outcome, succeeded, exhausted } of results) {
    if (!outcome.attempt) continue
    const health = healths.get(endpoint.id) ?? {
      endpointId: endpoint.id,
      succeeded: false,
      failed: false,
      exhausted: 0,
    }
    health.succeeded ||= succeeded
    health.failed ||= !succeeded
    if (exhausted) health.exhausted++
    healths.set(endpoint.id, health)
  }
  // In one order on every node, so that none waits for another in a circle.
  return [...healths.values()].sort((a, b) => (a.endpointId < b.endpointId ? -1 : 1))
}
