import type { CookieView } from '../../kernel/caller.js'
import type { ClientRecord } from './client-records.table.js'

/** Milliseconds. Requests on their way while the token changes still have the one from before. */
const OVERLAP = 10_000

/**
 * What a cookie with this rotating token shows of the client. The one before the newest is still good for a while, but not
 * for sessions that the newest came with: somebody else may have a copy, which was perhaps there first.
 *
 * @returns undefined for a cookie that is not, or no longer, good
 */
export function viewWith(
  { rotatingToken, previousRotatingToken, rotatedAt }: ClientRecord,
  shown: string,
  now: number,
): CookieView | undefined {
  if (shown === rotatingToken) return { rotatingToken: shown, openedUntil: Infinity }
  const isGood = shown === previousRotatingToken && rotatedAt !== null && now < rotatedAt + OVERLAP
  return isGood ? { rotatingToken: shown, openedUntil: rotatedAt } : undefined
}

/** Whether another request has changed the client's cookie since that of the caller was given. */
export function isOlder(
  { rotatingToken, rotatedBy }: ClientRecord,
  { cookie, traceId }: { cookie?: CookieView; traceId: string | null },
): boolean {
  return cookie !== undefined && cookie.rotatingToken !== rotatingToken && rotatedBy !== traceId
}

/** Whether there is nothing that it does not show. */
export function showsAll(cookie: CookieView | undefined): boolean {
  return cookie === undefined || cookie.rotatingToken === null || cookie.openedUntil === Infinity
}

export function isShown({ createdAt }: { createdAt: number }, cookie: CookieView | undefined): boolean {
  return cookie === undefined || createdAt <= cookie.openedUntil
}
