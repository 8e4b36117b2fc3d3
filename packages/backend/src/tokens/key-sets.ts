import { createLoadedKeySet, JwtError, keep, type Jwk, type JwtErrorCode, type KeySet } from '@latchkey/crypto'
import { checkApiUrl, DEFAULT_API_URL, DEFAULT_API_VERSION } from '../core/endpoint.js'
import { ClerkAPIResponseError } from '../core/errors.js'
import type { RequestOptions } from '../core/options.js'
import { CONTACT_SUPPORT, TokenVerificationError, type TokenVerificationErrorReason } from './token-errors.js'

/** How many key sets a process keeps, one for each instance. A process that serves one tenant needs only one. */
const KEPT_KEY_SETS = 100

export interface InstanceKeySetOptions extends RequestOptions {
  /** Called when the key set could not be fetched and the previous one stays in use. */
  onWarning?: (error: Error) => void
}

/**
 * Asks the API for an instance's key set, and returns the JSON of its answer.
 *
 * @throws {ClerkAPIResponseError}
 */
export type FetchKeys = (options: RequestOptions & { timeout: number }) => Promise<unknown>

/** How long to wait for the issuer in total, in milliseconds: until it answers, every request with a token waits. */
const KEY_SET_TIMEOUT = 10_000

interface KeptKeySet {
  keySet: KeySet
  fetch: RequestOptions['fetch']
  onWarning: InstanceKeySetOptions['onWarning']
}

const keptKeySets = new Map<string, KeptKeySet>()

/** The key set of an instance, shared by all callers with the same API and secret key. The first says how it is fetched. */
export function keySetOf(options: InstanceKeySetOptions, fetchKeys: FetchKeys): KeySet {
  const { apiUrl = DEFAULT_API_URL, apiVersion = DEFAULT_API_VERSION, secretKey, fetch, onWarning } = options
  const name = `${apiUrl} ${apiVersion} ${secretKey}`
  const known = keptKeySets.get(name)
  if (known && known.fetch === fetch) {
    known.onWarning = onWarning ?? known.onWarning
    return known.keySet
  }
  // Callers often pass a new hook with each call: call the latest one.
  const keySet = createInstanceKeySet({ ...options, onWarning: (error) => kept.onWarning?.(error) }, fetchKeys)
  const kept = keep(keptKeySets, name, { keySet, fetch, onWarning }, KEPT_KEY_SETS)
  return keySet
}

/** A key set that is not shared. */
export function createInstanceKeySet(options: InstanceKeySetOptions, fetchKeys: FetchKeys): KeySet {
  if (options.apiUrl) checkApiUrl(options.apiUrl)
  const request = () => fetchKeys({ ...options, timeout: options.timeout ?? KEY_SET_TIMEOUT })
  const keySet = createLoadedKeySet(() => loadKeys(request), { onWarning: options.onWarning })
  return { ...keySet, keyFor: (header) => keySet.keyFor(header).catch(refuse) }
}

const REASONS: Partial<Record<JwtErrorCode, TokenVerificationErrorReason>> = {
  key_not_found: 'jwk-kid-mismatch',
  key_set_unauthorized: 'secret-key-invalid',
  key_set_unavailable: 'jwk-remote-failed-to-load',
  key_set_empty: 'jwk-remote-failed-to-load',
  key_set_invalid: 'jwk-remote-invalid',
}

function refuse(error: JwtError): never {
  const { code, message, cause } = error
  const reason = REASONS[code]
  throw reason ? new TokenVerificationError({ reason, action: CONTACT_SUPPORT, message, cause }) : error
}

async function loadKeys(request: () => Promise<unknown>): Promise<{ keys: Jwk[] }> {
  const set = await answered(request)
  const { keys } = (set ?? {}) as { keys?: Jwk[] }
  if (!Array.isArray(keys)) throw new JwtError('key_set_unavailable', 'The answer of the API has no list of keys.')
  if (keys.length === 0) throw new JwtError('key_set_empty', 'The key set of the instance has no keys.')
  return { keys }
}

async function answered(request: () => Promise<unknown>): Promise<unknown> {
  try {
    return await request()
  } catch (cause) {
    const unauthorized = cause instanceof ClerkAPIResponseError && (cause.status === 401 || cause.status === 403)
    const message = cause instanceof Error ? cause.message : 'The key set could not be fetched.'
    throw new JwtError(unauthorized ? 'key_set_unauthorized' : 'key_set_unavailable', message, { cause })
  }
}
