import type { ApiError } from './api-error.js'
import type { Endpoint } from './endpoint.js'
import type { Page } from './pagination.js'

/** Exactly this, without a charset: the official SDK reads anything else as text. */
const JSON_TYPE = 'application/json'
export const TRACE_HEADER = 'x-clerk-trace-id'

export function jsonReply(status: number, value: unknown, traceId: string, headers?: Record<string, string>): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'content-type': JSON_TYPE, [TRACE_HEADER]: traceId, ...headers },
  })
}

export function errorReply(error: ApiError, traceId: string): Response {
  return jsonReply(error.status, { errors: error.errors, clerk_trace_id: traceId }, traceId, error.headers)
}

/** Puts what a handler returned into the envelope its endpoint names. A `Response` goes out as it is. */
export function reply(endpoint: Endpoint, value: unknown, query: { paginated?: boolean }, traceId: string): Response {
  if (value instanceof Response) return value
  if (endpoint.status === 204) return new Response(null, { status: 204, headers: { [TRACE_HEADER]: traceId } })
  return jsonReply(endpoint.status ?? 200, envelope(endpoint, value, query), traceId)
}

function envelope({ list }: Endpoint, value: unknown, { paginated }: { paginated?: boolean }): unknown {
  if (!list) return value
  const page = value as Page<unknown>
  return list === 'page' || (list === 'paginated' && paginated === true)
    ? { data: page.data, total_count: page.totalCount }
    : page.data
}
