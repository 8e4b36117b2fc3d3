import { readAnswer, type Answer } from './answer.js'
import { ClerkAPIResponseError, toConnectionError, toTimeoutError, type RequestName } from './errors.js'
import { log } from './logging.js'
import type { RequestEvent, RequestOptions } from './options.js'
import { ATTEMPT_TIMEOUT, retried, type Retries } from './retry.js'
import { chooseTransport } from './choose-transport.js'
import type { OutgoingRequest } from './transport.js'

/** How long a call may take in total, in milliseconds. */
const DEFAULT_TIMEOUT = 60_000

export interface Sending {
  name: RequestName
  request: OutgoingRequest
  options: RequestOptions
  /** What the answer must be. Default is `json`. */
  format?: 'json' | 'text'
  /** Called with every answer, whether it succeeded or failed. */
  onAnswer?: (answer: Answer) => void
}

export interface Sent {
  answer: Answer
  /** The JSON or text; undefined when the answer has no content. */
  content: unknown
  /** Number of the attempt that succeeded, from 0. */
  retry: number
}

/**
 * Sends a request and retries where that is safe, until it succeeds or the retries or the time are used up.
 *
 * @throws {ClerkAPIResponseError} of the last attempt. Also throws the reason of the caller's signal, and any error of
 * a hook.
 */
export async function send(sending: Sending): Promise<Sent> {
  const { name, request, options } = sending
  const { timeout = DEFAULT_TIMEOUT, maxRetries, signal } = options
  const idempotent = request.method !== 'POST' || 'idempotency-key' in request.headers
  const onFailure: Retries['onFailure'] = ({ status, errors, clerkTraceId }, retry, duration, pause) => {
    const codes = errors.map(({ code }) => code)
    const details = { ...name, attempt: retry + 1, duration, status, codes, clerkTraceId }
    log(options, pause === undefined ? 'error' : 'info', () => (pause === undefined ? details : { ...details, pause }))
  }
  return retried({ timeout, maxRetries, idempotent, signal, onFailure }, (retry, attemptTimeout) =>
    attempt(sending, retry, attemptTimeout),
  )
}

/** One attempt, between its hooks. */
async function attempt(
  { name, request, options, format, onAnswer }: Sending,
  retry: number,
  timeout: number,
): Promise<Sent> {
  const { onRequest, onResponse } = options
  const event: RequestEvent = { ...request, headers: { ...request.headers }, path: name.path, attempt: retry + 1 }
  if (onRequest) await onRequest(event)
  const started = performance.now()
  let answer: Answer | undefined
  let error: ClerkAPIResponseError | undefined
  try {
    answer = await exchange(name, event, options, timeout)
    onAnswer?.(answer)
    const content = readAnswer(name, answer, format)
    const { status } = answer
    log(options, 'debug', () => ({ ...name, attempt: retry + 1, duration: performance.now() - started, status }))
    return { answer, content, retry }
  } catch (cause) {
    if (!(cause instanceof ClerkAPIResponseError)) throw cause
    error = cause
    throw cause
  } finally {
    if (onResponse && (answer || error)) {
      const duration = performance.now() - started
      await onResponse({
        request: event,
        get response() {
          return answer?.toResponse()
        },
        error,
        duration,
      })
    }
  }
}

/** Sends the request and receives the answer, within the timeout and until the caller's signal aborts. */
async function exchange(
  name: RequestName,
  request: OutgoingRequest,
  options: RequestOptions,
  timeout: number,
): Promise<Answer> {
  const { signal } = options
  signal?.throwIfAborted()
  const { method, url, headers, body } = request
  let late = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let cancel: (() => void) | undefined
  try {
    const { answer, abort } = chooseTransport(options.fetch, options.transport)({ method, url, headers, body })
    if (timeout !== Infinity) {
      timer = setTimeout(
        () => {
          late = true
          abort(new DOMException('The request timed out.', 'TimeoutError'))
        },
        Math.max(0, timeout),
      )
    }
    cancel = () => abort(signal?.reason)
    signal?.addEventListener('abort', cancel, { once: true })
    return await answer
  } catch (cause) {
    if (signal?.aborted) throw signal.reason
    if (late)
      throw toTimeoutError(name, timeout === ATTEMPT_TIMEOUT ? timeout : (options.timeout ?? DEFAULT_TIMEOUT), cause)
    throw toConnectionError(name, new URL(url).origin, cause)
  } finally {
    clearTimeout(timer)
    if (cancel) signal?.removeEventListener('abort', cancel)
  }
}
