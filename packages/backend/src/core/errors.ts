import type { ClerkAPIErrorCode, ClerkAPIErrorJSON, ErrorResponseJSON } from '@latchkey/types'

export type { ClerkAPIErrorCode }
import { toCamelCase } from './parameters.js'

/** One problem with a request. */
export interface ClerkAPIError {
  /** `unexpected_error` if no answer could be read. A newer server may send codes that are not listed. */
  code: ClerkAPIErrorCode | 'unexpected_error' | (string & {})
  message: string
  longMessage?: string
  meta: ClerkAPIErrorMeta
}

/**
 * The parameter that caused the error, and further details of its code: every field of the answer's `meta`, in
 * camelCase.
 */
export interface ClerkAPIErrorMeta {
  paramName?: string
  sessionId?: string
  emailAddresses?: string[]
  identifiers?: string[]
  lockoutExpiresInSeconds?: number
  [name: string]: unknown
}

export interface ClerkErrorOptions {
  status?: number
  errors: ClerkAPIError[]
  clerkTraceId?: string
  retryAfter?: number
  unprocessed?: boolean
  cause?: unknown
}

/**
 * A request that failed. `message` says what failed and what to do; `errors` lists each reason. It has the fields of
 * the class of the same name in `@clerk/backend`, whose type guard accepts it.
 */
export class ClerkAPIResponseError extends Error {
  static readonly kind = 'ClerkAPIResponseError'
  override readonly name = 'ClerkAPIResponseError'
  readonly clerkError = true
  readonly code = 'api_response_error'
  /** The HTTP status; undefined if there was no answer, as in `@clerk/backend`. */
  readonly status: number
  readonly errors: ClerkAPIError[]
  /** Identifies the request in the server's log. */
  readonly clerkTraceId: string
  /** How long to wait before the next attempt, in seconds. */
  readonly retryAfter?: number
  /** True if the server says that it did nothing yet (`x-should-retry`): the request can be sent again, a POST too. */
  readonly unprocessed?: true

  constructor(message: string, options: ClerkErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.status = options.status as number
    this.errors = options.errors
    this.clerkTraceId = options.clerkTraceId ?? ''
    if (options.retryAfter !== undefined) this.retryAfter = options.retryAfter
    if (options.unprocessed) this.unprocessed = true
  }
}

/** 400: the request as a whole is invalid. */
export class BadRequestError extends ClerkAPIResponseError {}
/** 401: the secret key is missing, wrong or revoked. */
export class AuthenticationError extends ClerkAPIResponseError {}
/** 403: the key, the plan or the instance's settings do not allow it. */
export class PermissionError extends ClerkAPIResponseError {}
/** 404: there is no such resource. */
export class NotFoundError extends ClerkAPIResponseError {}
/** 409: the request conflicts with the current state. */
export class ConflictError extends ClerkAPIResponseError {}
/** 422: a parameter is wrong; `errors[].meta.paramName` says which. */
export class ValidationError extends ClerkAPIResponseError {}
/** 429: too many requests; `retryAfter` says when to retry. */
export class RateLimitError extends ClerkAPIResponseError {}
/** 500 and above: the server failed. */
export class ServerError extends ClerkAPIResponseError {}
/** No answer, or an answer that could not be read. The reason is in `cause`. */
export class ConnectionError extends ClerkAPIResponseError {}
/** No answer in time. */
export class TimeoutError extends ConnectionError {}

const CLASS_BY_STATUS: Record<number, typeof ClerkAPIResponseError> = {
  400: BadRequestError,
  401: AuthenticationError,
  403: PermissionError,
  404: NotFoundError,
  409: ConflictError,
  422: ValidationError,
  429: RateLimitError,
}

/** Names the request in messages: `GET /users/user_1`. */
export interface RequestName {
  method: string
  path: string
}

/** The parts of an answer that an error reads, besides the body: a `Response` or similar. */
export interface FailedAnswer {
  status: number
  statusText: string
  headers: { get(name: string): string | null }
}

/** Creates the error for an answer that did not succeed. */
export function toApiError(
  { method, path }: RequestName,
  response: FailedAnswer,
  body: unknown,
): ClerkAPIResponseError {
  const { errors: reasons, clerk_trace_id: traceId } = (body ?? {}) as Partial<ErrorResponseJSON>
  const errors = Array.isArray(reasons) ? reasons.map(toClerkAPIError) : []
  const { status, headers } = response
  const retryAfter = retryAfterSeconds(headers)
  const clerkTraceId = typeof traceId === 'string' ? traceId : (headers.get('cf-ray') ?? '')
  const ErrorClass = CLASS_BY_STATUS[status] ?? (status >= 500 ? ServerError : ClerkAPIResponseError)
  const what = errors.map(describe).join(' ') || response.statusText || 'The answer gives no reason.'
  const message = [
    `${method} ${path} failed with status ${status}: ${what}`,
    advice(status, errors, clerkTraceId, retryAfter),
  ]
  return new ErrorClass(message.filter(Boolean).join(' '), {
    status,
    errors,
    clerkTraceId,
    retryAfter,
    unprocessed: status === 503 && headers.get('x-should-retry') === 'true',
  })
}

/** Creates the error for a request that got no answer from a server, such as `https://api.clerk.com`. */
export function toConnectionError(name: RequestName, origin: string, cause: unknown): ConnectionError {
  const code = codeOf(cause)
  const reason = `No answer from ${origin}${code ? ` (${code})` : ''}. Check "apiUrl" and the network.`
  return new ConnectionError(...withoutAnswer(name, reason, cause))
}

/** The platform's code for a connection error, such as `ECONNREFUSED`. `fetch` nests it one or two causes deep. */
export function codeOf(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null) return undefined
  const { code, cause: deeper } = cause as { code?: unknown; cause?: unknown }
  return typeof code === 'string' ? code : codeOf(deeper)
}

/** Creates the error for a request that timed out. `timeout` is in milliseconds. */
export function toTimeoutError(name: RequestName, timeout: number, cause: unknown): TimeoutError {
  return new TimeoutError(
    ...withoutAnswer(name, `No answer within ${timeout} ms. Raise "timeout" or check "apiUrl".`, cause),
  )
}

/** Creates the error for an answer that does not come from the API, or is malformed. */
export function toUnreadableError(name: RequestName, status: number, reason: string, cause?: unknown): ConnectionError {
  return new ConnectionError(...withoutAnswer(name, reason, cause, status))
}

/** The arguments of a {@link ConnectionError} or of one of its subclasses. */
export function withoutAnswer(
  { method, path }: RequestName,
  reason: string,
  cause: unknown,
  status?: number,
): [string, ClerkErrorOptions] {
  return [
    `${method} ${path} failed: ${reason}`,
    { status, errors: [{ code: 'unexpected_error', message: reason, meta: {} }], cause },
  ]
}

/** Works across copies of this package and for the errors of `@clerk/backend`. */
export function isClerkAPIResponseError(error: unknown): error is ClerkAPIResponseError {
  if (typeof error !== 'object' || error === null) return false
  return (error.constructor as { kind?: unknown } | undefined)?.kind === ClerkAPIResponseError.kind
}

/** Reads `Retry-After`, which is seconds or a date, in seconds. */
function retryAfterSeconds(headers: FailedAnswer['headers']): number | undefined {
  const text = headers.get('retry-after')
  if (!text) return undefined
  const seconds = Number(text)
  if (Number.isFinite(seconds)) return Math.max(0, seconds)
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000))
}

export function toClerkAPIError({ code, message, long_message, meta }: ClerkAPIErrorJSON): ClerkAPIError {
  const entries = Object.entries(meta ?? {}).map(([name, value]) => [toCamelCase(name), value])
  return { code, message, longMessage: long_message, meta: Object.fromEntries(entries) }
}

function describe({ code, message, longMessage, meta }: ClerkAPIError): string {
  const parameter = meta.paramName ? ` (${meta.paramName})` : ''
  return `${code}${parameter}: ${longMessage || message}`.replace(/[.!?]?$/, (end) => end || '.')
}

const ADVICE: Record<number, string> = {
  401: 'Check the secret key: it must belong to this instance.',
  403: 'The secret key, the plan or a setting of the instance does not allow it.',
  404: 'Check the ID, and that the secret key belongs to the same instance.',
  408: 'Try again.',
  409: 'Read the current state, then decide again.',
  429: 'Try again later.',
}

function advice(status: number, errors: ClerkAPIError[], traceId: string, retryAfter?: number): string {
  if (errors.some(({ code }) => code === 'not_implemented')) return 'The server does not serve this operation yet.'
  if (status < 400) return 'Check "apiUrl": it must be the URL of the API itself.'
  if (status === 429 && retryAfter !== undefined) return `Try again in ${retryAfter} s.`
  return (
    ADVICE[status] ??
    (status < 500 ? '' : traceId ? `Try again. The server's log has this request under ${traceId}.` : 'Try again.')
  )
}
