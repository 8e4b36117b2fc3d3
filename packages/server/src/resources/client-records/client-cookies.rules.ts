import type { ClientRecord } from './client-records.table.js'

/** Milliseconds. Requests on their way while the token changes still have the one from before. */
const OVERLAP = 10_000

/** Whether a cookie with this rotating token is the client's own. */
export function isCurrent(
  { rotatingToken, previousRotatingToken, rotatedAt }: ClientRecord,
  shown: string,
  now: number,
): boolean {
  if (shown === rotatingToken) return true
  return shown === previousRotatingToken && rotatedAt !== null && now < rotatedAt + OVERLAP
}

/**
 * Whether a request is the one that has changed the client's cookie, and had come with the cookie which it changed. Any
 * other may be from somebody with a copy of an older cookie, who would have the session with the new one.
 *
 * @param shown the rotating token in its cookie
 */
export function isHandedNew(
  { previousRotatingToken, rotatedBy }: ClientRecord,
  { shown, traceId }: { shown: string | null | undefined; traceId: string | null },
): boolean {
  return traceId !== null && rotatedBy === traceId && shown === previousRotatingToken
}
