import type { InstanceContext } from '../instances/instance-context.js'
import type { ApiError } from '../kernel/errors/api-error.js'
import type { Page } from '../kernel/page.js'
import type { ApiVersion } from '../kernel/versions.js'
import { inVersion } from '../kernel/wire.js'
import type { BrowserAnswer } from './browser-answer.js'
import type { Endpoint } from './endpoint.js'

/** Exactly this, without a charset: the official SDK reads anything else as text. */
const JSON_TYPE = 'application/json'
/** Under both names that clients look for. */
const trace = (id: string) => ({ 'x-clerk-trace-id': id, 'clerk-trace-id': id })
/** Answers are about persons, and some have secrets in them. */
const NO_STORE = { 'cache-control': 'no-store' }

export function jsonReply(status: number, value: unknown, traceId: string, headers?: Record<string, string>): Response {
  // One by one: to spread these objects into a new one takes a good part of a short answer's time.
  const all: Record<string, string> = trace(traceId)
  all['content-type'] = JSON_TYPE
  all['cache-control'] = NO_STORE['cache-control']
  for (const name in headers) all[name] = headers[name]!
  return new Response(JSON.stringify(value), { status, headers: all })
}

/** Sends a browser on, with cookies of this host. */
export function redirect(location: string, setCookies: readonly string[] = [], status: 303 | 307 = 307): Response {
  const headers = new Headers({ location, ...NO_STORE })
  for (const line of setCookies) headers.append('set-cookie', line)
  return new Response(null, { status, headers })
}

/** An empty answer, with cookies of this host or other headers. */
export function empty(headers: readonly (readonly [name: string, value: string])[] = []): Response {
  const response = new Response(null, { status: 200, headers: NO_STORE })
  for (const [name, value] of headers) response.headers.append(name, value)
  return response
}

/** @param headers beside those of the error */
export function errorReply(error: ApiError, traceId: string, headers: Record<string, string> = {}): Response {
  return jsonReply(
    error.status,
    { errors: error.errors, ...(error.meta ? { meta: error.meta } : {}), clerk_trace_id: traceId },
    traceId,
    { ...error.headers, ...headers },
  )
}

interface ReplyOptions {
  context: InstanceContext
  version: ApiVersion
  query: { paginated?: boolean }
  traceId: string
  /** Beside those of every answer. Given as the answer is made: to add one later costs as much as all of them. */
  headers: Record<string, string>
  browser?: BrowserAnswer | undefined
}

/** Writes what a handler returned in the form, and the envelope, that its endpoint names. A `Response` goes out as it is. */
export function reply(endpoint: Endpoint, value: unknown, options: ReplyOptions): Response {
  const response = value instanceof Response ? value : replyOf(endpoint, value, options)
  if (value instanceof Response) {
    const more = { ...trace(options.traceId), ...options.headers }
    for (const [name, text] of Object.entries(more)) value.headers.set(name, text)
  }
  for (const [name, text] of options.browser?.headers ?? []) response.headers.append(name, text)
  return response
}

function replyOf(endpoint: Endpoint, value: unknown, options: ReplyOptions): Response {
  const { status = 200, answer } = endpoint
  if (status === 204 || (!answer && value === undefined)) {
    return new Response(null, { status, headers: { ...NO_STORE, ...trace(options.traceId), ...options.headers } })
  }
  const shown = endpoint.isClient ? (options.browser?.client ?? null) : envelope(endpoint, value, options)
  const isEnveloped = endpoint.api === 'frontend' && !endpoint.bare
  const body = isEnveloped ? { response: shown, client: options.browser?.client ?? null } : shown
  return jsonReply(status, body, options.traceId, options.headers)
}

function envelope({ list, answer }: Endpoint, value: unknown, { context, version, query }: ReplyOptions): unknown {
  const write = (item: unknown) => (answer ? inVersion(answer.toJSON(item as never, context), answer, version) : item)
  if (!list) return write(value)
  const { data, totalCount } = value as Page<unknown>
  const items = data.map(write)
  return list === 'page' || (list === 'paginated' && query.paginated === true)
    ? { data: items, total_count: totalCount }
    : items
}
