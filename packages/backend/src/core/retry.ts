/** Longest wait the server can ask for that is still waited out, in milliseconds. */
const LONGEST_WAIT = 30_000

/** Wait before the first retry, in milliseconds; each further one takes twice as long. */
const FIRST_WAIT = 250

/** Whether trying again is safe and may help. A write that may have happened is never repeated. */
export function isWorthRetrying(method: string, status: number | undefined): boolean {
  if (status === 429) return true
  if (method !== 'GET') return false
  return status === undefined || (status >= 500 && status !== 501)
}

/**
 * How long to wait before retry number `attempt` (from 0), in milliseconds.
 *
 * @param retryAfter What the server asked for, in seconds.
 * @returns undefined when the server asks for more than anyone would wait.
 */
export function waitBefore(attempt: number, retryAfter: number | undefined): number | undefined {
  // Between half and all of it: callers that failed together must not come back together.
  if (retryAfter === undefined) return FIRST_WAIT * 2 ** attempt * (0.5 + Math.random() / 2)
  return retryAfter * 1000 <= LONGEST_WAIT ? retryAfter * 1000 : undefined
}

export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
