import { codeOf, type ClerkAPIResponseError } from './errors.js'

/** The longest `Retry-After` that is still honoured, in milliseconds. */
const LONGEST_WAIT = 30_000

/** Wait before the first retry, in milliseconds; each further wait is twice as long. */
const FIRST_WAIT = 250

/**
 * Node's and Bun's codes for a refused connection. The request did not reach the server, so a retry cannot act twice.
 */
const REFUSED = ['ECONNREFUSED', 'ConnectionRefused']

/**
 * Whether a retry is safe and may help.
 *
 * @param idempotent Whether sending it twice has the same effect as once. A POST is not idempotent, unless it carries
 * an idempotency key.
 */
export function isWorthRetrying({ status, cause, unprocessed }: ClerkAPIResponseError, idempotent: boolean): boolean {
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
export function waitBefore(retry: number, retryAfter: number | undefined): number {
  // Random, between half and all of it: callers that failed together must not retry together.
  if (retryAfter === undefined) return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** retry) * (0.5 + Math.random() / 2)
  return retryAfter * 1000 <= LONGEST_WAIT ? retryAfter * 1000 : Infinity
}

/** Waits, in milliseconds. If the signal aborts, it throws the signal's reason. */
export function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
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
