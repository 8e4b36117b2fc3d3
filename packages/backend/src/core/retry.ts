import { codeOf, type ClerkAPIResponseError } from './errors.js'

/** Longest wait the server can ask for that is still waited out, in milliseconds. */
const LONGEST_WAIT = 30_000

/** Wait before the first retry, in milliseconds; each further one takes twice as long. */
const FIRST_WAIT = 250

/** Node's and Bun's names for it. Nothing has reached the server, so nothing can have happened. */
const REFUSED = ['ECONNREFUSED', 'ConnectionRefused']

/**
 * Whether trying again is safe and may help.
 *
 * @param idempotent Whether doing it twice is the same as once. A POST is not, unless the server knows it by a key.
 */
export function isWorthRetrying({ status, cause }: ClerkAPIResponseError, idempotent: boolean): boolean {
  if (status === 429) return true
  if (!idempotent) return (status as number | undefined) === undefined && REFUSED.includes(codeOf(cause) ?? '')
  return (status as number | undefined) === undefined || status === 408 || (status >= 500 && status !== 501)
}

/**
 * How long to wait before retry number `retry` (from 0), in milliseconds.
 *
 * @param retryAfter What the server asked for, in seconds.
 * @returns Infinity when the server asks for more than anyone would wait.
 */
export function waitBefore(retry: number, retryAfter: number | undefined): number {
  // Between half and all of it: callers that failed together must not come back together.
  if (retryAfter === undefined) return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** retry) * (0.5 + Math.random() / 2)
  return retryAfter * 1000 <= LONGEST_WAIT ? retryAfter * 1000 : Infinity
}

/** Waits, in milliseconds, unless the signal ends it; then it throws the signal's reason. */
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
