import { baseOf, bearer, commonHeaders, DEFAULT_API_URL, DEFAULT_API_VERSION } from '../core/endpoint.js'
import { toApiError, toConnectionError } from '../core/errors.js'
import { retried } from '../core/retry.js'
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
    let response: Response
    try {
      response = await (options.fetch ?? globalThis.fetch)(url, { headers, signal })
      if (response.ok) return await response.json()
    } catch (cause) {
      throw toConnectionError(NAME, new URL(url).origin, cause)
    }
    throw toApiError(NAME, response, await response.json().catch(() => null))
  })
}
