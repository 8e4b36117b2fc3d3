import type { Origin } from '../kernel/caller.js'
import type { Random } from '../kernel/runtime.js'
import type { Connection } from './connection.js'
import type { AddressOf } from './client-address.js'

/** Longer than any real one; the rest is cut off. */
const MAX_USER_AGENT = 512

/** The id of a request. Its answer, its log lines, and the events and audit entries of what it changes contain it. */
export function newTraceId(random: Random): string {
  return Buffer.from(random.bytes(16)).toString('hex')
}

/** Where a request came from, as events and the audit trail keep it. */
export function originOfRequest(
  request: Request,
  connection: Connection | undefined,
  addressOf: AddressOf,
  traceId: string,
): Origin {
  return {
    ipAddress: addressOf(connection?.remoteAddress, request.headers.get('x-forwarded-for')),
    userAgent: request.headers.get('user-agent')?.slice(0, MAX_USER_AGENT) ?? null,
    acceptLanguage: request.headers.get('accept-language'),
    traceId,
    signal: () => request.signal,
  }
}
