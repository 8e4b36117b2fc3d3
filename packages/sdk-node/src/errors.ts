import {
  AuthenticationError,
  BadRequestError,
  ClerkAPIResponseError,
  ConflictError,
  ConnectionError,
  NotFoundError,
  PermissionError,
  RateLimitError,
  ServerError,
  TimeoutError,
  ValidationError,
  type ClerkAPIError,
} from '@latchkey/backend/errors'
import type { ErrorResponseJSON } from '@latchkey/backend/types'
import { toCamelCase } from './names.js'

const CLASS_BY_STATUS: Record<number, typeof ClerkAPIResponseError> = {
  400: BadRequestError,
  401: AuthenticationError,
  403: PermissionError,
  404: NotFoundError,
  409: ConflictError,
  422: ValidationError,
  429: RateLimitError,
}

const ADVICE: Record<number, string> = {
  401: 'Check the API key: it must be the one of this instance.',
  429: 'Try again later.',
  501: 'The server does not serve this operation yet.',
}

/** The parts of got's errors and responses that are read here. */
interface Answer {
  statusCode: number
  statusMessage?: string
  headers: Record<string, string | string[] | undefined>
}

/** The visitor has no `__session` cookie: not signed in, or on another domain. */
export class NoSessionError extends Error {
  override readonly name = 'NoSessionError'
}

/** @param name Such as `GET /users/user_1`. */
export function toApiError(name: string, { statusCode: status, statusMessage, headers }: Answer, body: unknown): ClerkAPIResponseError {
  const { errors: reasons, clerk_trace_id: traceId } = (body ?? {}) as Partial<ErrorResponseJSON>
  const errors = Array.isArray(reasons) ? reasons.map(toReason) : []
  const retryAfter = Number(headers['retry-after'])
  const ErrorClass = CLASS_BY_STATUS[status] ?? (status >= 500 ? ServerError : ClerkAPIResponseError)
  const what = errors.map(describe).join(' ') || statusMessage || 'The answer gives no reason.'
  const message = [`${name} failed with status ${status}: ${what}`, ADVICE[status]].filter(Boolean).join(' ')
  return new ErrorClass(message, {
    status,
    errors,
    clerkTraceId: typeof traceId === 'string' ? traceId : '',
    ...(Number.isFinite(retryAfter) ? { retryAfter } : {}),
  })
}

/** Makes the error for a request that got no answer, or none that could be read. */
export function toConnectionError(name: string, origin: string, error: Error & { response?: Answer }): ConnectionError {
  const status = error.response?.statusCode
  const timedOut = error.name === 'TimeoutError'
  const reason = timedOut
    ? `No answer from ${origin} in time (${error.message}). Raise "timeout" in httpOptions or check "serverApiUrl".`
    : status === undefined
      ? `No answer from ${origin} (${error.message}). Check "serverApiUrl" and the network.`
      : `The answer could not be read (${error.message}). Check "serverApiUrl".`
  const options = { status, errors: [{ code: 'unexpected_error', message: reason, meta: {} }], cause: error }
  return new (timedOut ? TimeoutError : ConnectionError)(`${name} failed: ${reason}`, options)
}

function toReason({ code, message, long_message, meta }: ErrorResponseJSON['errors'][number]): ClerkAPIError {
  const entries = Object.entries(meta ?? {}).map(([name, value]) => [toCamelCase(name), value])
  return { code, message, longMessage: long_message, meta: Object.fromEntries(entries) }
}

function describe({ code, message, longMessage, meta }: ClerkAPIError): string {
  const parameter = meta.paramName ? ` (${meta.paramName})` : ''
  return `${code}${parameter}: ${longMessage || message}`.replace(/[.!?]?$/, (end) => end || '.')
}
