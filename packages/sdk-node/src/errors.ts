import { ConnectionError, TimeoutError, type ClerkAPIResponseError } from '@latchkey/backend/errors'
import * as backend from '@latchkey/backend/internal'

/** The parts of got's responses that are read. */
interface Answer {
  statusCode: number
  statusMessage?: string
  headers: Record<string, string | string[] | undefined>
}

/** The visitor has no `__session` cookie: not signed in, or on another domain. */
export class NoSessionError extends Error {
  override readonly name = 'NoSessionError'
}

/** Creates the error for an answer with status 400 or above. */
export function toApiError(
  name: backend.RequestName,
  { statusCode, statusMessage = '', headers }: Answer,
  body: unknown,
): ClerkAPIResponseError {
  const get = (header: string): string | null => headers[header]?.toString() ?? null
  return backend.toApiError(name, { status: statusCode, statusText: statusMessage, headers: { get } }, body)
}

/** Creates the error for a request without an answer, or with one that could not be read. */
export function toConnectionError(
  name: backend.RequestName,
  origin: string,
  error: Error & { response?: Answer },
): ConnectionError {
  const status = error.response?.statusCode
  const timedOut = error.name === 'TimeoutError'
  const reason = timedOut
    ? `No answer from ${origin} in time (${error.message}). Raise "timeout" in httpOptions or check "serverApiUrl".`
    : status === undefined
      ? `No answer from ${origin} (${error.message}). Check "serverApiUrl" and the network.`
      : `The answer could not be read (${error.message}). Check "serverApiUrl".`
  return new (timedOut ? TimeoutError : ConnectionError)(...backend.withoutAnswer(name, reason, error, status))
}
