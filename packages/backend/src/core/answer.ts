import { toApiError, toUnreadableError, type RequestName } from './errors.js'

/** A whole answer. Cheaper than a `Response`, which is built from it only on demand. */
export interface Answer {
  readonly status: number
  readonly statusText: string
  readonly headers: { get(name: string): string | null }
  readonly text: string
  toResponse(): Response
}

/**
 * Returns the answer's JSON, or its text if `format` is `text`; undefined when the answer is empty.
 *
 * @throws {ClerkAPIResponseError} for a status from 400 on, {@link ConnectionError} for an answer that is not JSON.
 */
export function readAnswer(name: RequestName, answer: Answer, format: 'json' | 'text' = 'json'): unknown {
  const { status, text } = answer
  const type = answer.headers.get('content-type') ?? ''
  const isJson = /^[^;]*[/+]json\b/i.test(type)
  const ok = status >= 200 && status < 300
  if (ok && format === 'text') return text
  let body: unknown
  try {
    body = isJson && text !== '' ? JSON.parse(text) : undefined
  } catch (cause) {
    if (ok) throw toUnreadableError(name, status, 'The answer is not valid JSON.', cause)
  }
  if (!ok) throw toApiError(name, answer, body)
  if (text !== '' && !isJson)
    throw toUnreadableError(name, status, `The answer is of type ${type || 'unknown'}, not JSON. Check "apiUrl".`)
  return body
}

/** The charset to decode a body with; undefined for UTF-8, the default of JSON. */
export function unusualCharset(type: string | null | undefined): string | undefined {
  const charset = type && /;\s*charset="?([\w.:-]+)/i.exec(type)?.[1]
  return charset && !/^(utf-?8|us-ascii)$/i.test(charset) ? charset : undefined
}

/** @throws {RangeError} for a charset that the platform does not know. */
export function decode(bytes: ArrayBuffer | Uint8Array, charset: string): string {
  return new TextDecoder(charset).decode(bytes)
}

/** Builds a `Response` with this text. A status that allows no body, such as 204, gets none. */
export function toResponse(text: string, init: ResponseInit & { status: number }): Response {
  return new Response([204, 205, 304].includes(init.status) ? null : text, init)
}
