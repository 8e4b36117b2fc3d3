import { readAnswer, type Answer } from '../core/answer.js'
import { baseOf, bearer, commonHeaders, DEFAULT_API_URL, DEFAULT_API_VERSION } from '../core/endpoint.js'
import { toConnectionError } from '../core/errors.js'
import { retried } from '../core/retry.js'
import { toAnswer } from '../core/transport-fetch.js'
import type { FetchKeys } from './key-sets.js'

const NAME = { method: 'GET', path: '/jwks' }

/**
 * Fetches an instance's key set with `fetch` alone: a program that only verifies tokens does not carry the client of the
 * API, which is larger than all the rest.
 */
export const fetchKeys: FetchKeys = (options) => {
  const { apiUrl = DEFAULT_API_URL, apiVersion = DEFAULT_API_VERSION, secretKey, timeout } = options
  const url = `${baseOf(apiUrl)}/${apiVersion}${NAME.path}`
  const headers = { ...commonHeaders(), authorization: bearer(secretKey) }
  return retried({ timeout, idempotent: true }, async (_, remaining) => {
    const signal = remaining === Infinity ? null : AbortSignal.timeout(Math.max(0, Math.ceil(remaining)))
    let answer: Answer
    try {
      answer = await toAnswer(await (options.fetch ?? globalThis.fetch)(url, { headers, signal }))
    } catch (cause) {
      throw toConnectionError(NAME, new URL(url).origin, cause)
    }
    return readAnswer(NAME, answer)
  })
}
