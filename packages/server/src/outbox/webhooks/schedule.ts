const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/**
 * Delays from each failed attempt to the next, in milliseconds: eight attempts in 27 hours and 35 minutes.
 *
 * @see https://docs.svix.com/retries
 */
export const RETRY_DELAYS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  10 * HOUR,
]
/** A line waits for this many attempts of its head before it goes on. */
export const ATTEMPTS_IN_LINE = 3

export interface WebhookSchedule {
  /** Delays from each failed attempt to the next, in milliseconds. Default is {@link RETRY_DELAYS}. */
  retryDelays: readonly number[]
  /** Milliseconds that a receiver has to answer. Default is 15 seconds. */
  timeout: number
  /** Milliseconds after which a node's claim of a delivery ends, longer than the timeout. Default is a minute. */
  lease: number
  /** Milliseconds between two looks for what other nodes have queued. Default is a second. */
  pollEvery: number
  /** The least delay after a timeout, and after 429, in milliseconds. Default is a minute. */
  overloadDelay: number
  /** An endpoint without a success for this long is disabled, in milliseconds. Default is five days. */
  disableAfter: number
  /** After this long without a success, operators are warned, in milliseconds. Default is a day. */
  warnAfter: number
}

export const DEFAULT_SCHEDULE: WebhookSchedule = {
  retryDelays: RETRY_DELAYS,
  timeout: 15 * SECOND,
  lease: MINUTE,
  pollEvery: SECOND,
  overloadDelay: MINUTE,
  disableAfter: 5 * DAY,
  warnAfter: DAY,
}

/** Events given up before an endpoint is disabled. */
export const EXHAUSTED_TO_DISABLE = 3

/** How an attempt failed, as far as it matters for the next one. */
export interface Failure {
  /** The receiver did not answer in time, or has too much to do. */
  overloaded: boolean
  /** Milliseconds the receiver asked to be left alone for. */
  retryAfter: number | undefined
}

/**
 * The delay to the next attempt, with up to a fifth more or less, so that what failed together is not sent together
 * again. A receiver that names a time gets it, up to twice the planned delay.
 *
 * @param attempts failed so far, this one included
 * @param random from 0 to 1
 * @returns undefined if there is no next one
 */
export function nextDelay(
  attempts: number,
  { overloaded, retryAfter }: Failure,
  { retryDelays, overloadDelay }: Pick<WebhookSchedule, 'retryDelays' | 'overloadDelay'>,
  random: number,
): number | undefined {
  const planned = retryDelays[attempts - 1]
  if (planned === undefined) return undefined
  const base = overloaded ? Math.max(planned, overloadDelay) : planned
  const jittered = Math.round(base * (0.8 + 0.4 * random))
  return retryAfter === undefined ? jittered : Math.max(jittered, Math.min(retryAfter, 2 * base))
}

/** Milliseconds from a `Retry-After` header, in seconds or a date. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * SECOND
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
