import { ClerkAPIResponseError, codeOf } from './errors.js'

/** How long an attempt may take if it can be retried, in milliseconds. */
export const ATTEMPT_TIMEOUT = 30_000

/** The longest `Retry-After` that is still honoured, in milliseconds. */
const LONGEST_WAIT = 30_000

/** Wait before the first retry, in milliseconds; each further wait is twice as long. */
const FIRST_WAIT = 250

/**
 * Node's and Bun's codes for a refused connection. The request did not reach the server, so a retry cannot act twice.
 */
const REFUSED = ['ECONNREFUSED', 'ConnectionRefused']

export interface Retries {
  /** How long all attempts and pauses may take, in milliseconds. 0 means no limit. */
  timeout: number
  /** Default 2. */
  maxRetries?: number
  /** Whether sending it twice has the same effect as once. */
  idempotent: boolean
  /** Ends a pause. */
  signal?: AbortSignal
  /** Called after each failure. `pause` is undefined when the failure is final. Times are in milliseconds. */
  onFailure?: (error: ClerkAPIResponseError, retry: number, duration: number, pause: number | undefined) => void
}

/**
 * Sends a request and sends it again where that is safe, until it succeeds or the retries or the time are used up.
 *
 * @param attempt Gets its number, from 0, and how long it may take in milliseconds.
 * @throws {ClerkAPIResponseError} of the last attempt. Any other error ends the retries at once.
 */
export async function retried<Result>(
  { timeout, maxRetries = 2, idempotent, signal, onFailure }: Retries,
  attempt: (retry: number, timeout: number) => Promise<Result>,
): Promise<Result> {
  const deadline = timeout > 0 ? performance.now() + timeout : Infinity
  for (let retry = 0; ; retry++) {
    const started = performance.now()
    const remaining = deadline - started
    const isLast = retry >= maxRetries || !idempotent || remaining === Infinity
    let pause: number
    try {
      return await attempt(retry, isLast ? remaining : Math.min(ATTEMPT_TIMEOUT, remaining))
    } catch (error) {
      if (!(error instanceof ClerkAPIResponseError)) throw error
      const ended = performance.now()
      pause = retry < maxRetries && isWorthRetrying(error, idempotent) ? waitBefore(retry, error.retryAfter) : Infinity
      const again = ended + pause < deadline && pause !== Infinity
      onFailure?.(error, retry, ended - started, again ? pause : undefined)
      if (!again) throw error
    }
    await wait(pause, signal)
  }
}

/**
 * Whether a retry is safe and may help.
 *
 * @param idempotent Whether sending it twice has the same effect as once. A POST is not idempotent, unless it carries
 * an idempotency key.
 */
function isWorthRetrying({ status, cause, unprocessed }: ClerkAPIResponseError, idempotent: boolean): boolean {
  if (status === 429 || unprocessed) return true
  if (!idempotent) return (status as number | undefined) === undefined && REFUSED.includes(codeOf(cause) ?? '')
  return (status as number | undefined) === undefined || status === 408 || (status >= 500 && status !== 501)
}

/**
 * How long to wait before retry number `retry` (from 0), in milliseconds.
 *
 * @param retryAfter The server's `Retry-After`, in seconds.
 * @returns Infinity when the server asks for more than {@link LONGEST_WAIT}.
 */
function waitBefore(retry: number, retryAfter: number | undefined): number {
  // Random, between half and all of it: callers that failed together must not retry together.
  if (retryAfter === undefined) return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** retry) * (0.5 + Math.random() / 2)
  return retryAfter * 1000 <= LONGEST_WAIT ? retryAfter * 1000 : Infinity
}

/** Waits, in milliseconds. If the signal aborts, it throws the signal's reason. */
function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const end = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', end, { once: true })
  })
}
