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
