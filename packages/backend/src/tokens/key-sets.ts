import { createKeySet, JwtError, type Jwk, type KeySet } from '@latchkey/crypto'
import { ClerkAPIResponseError } from '../core/errors.js'
import { path } from '../core/path.js'
import { ApiClient, DEFAULT_API_URL, DEFAULT_API_VERSION, type RequestOptions } from '../core/request.js'

/** How many instances' key sets a process keeps; one, unless it serves tenants. */
const KEPT_KEY_SETS = 100

export interface InstanceKeySetOptions extends RequestOptions {
  /** Told when the issuer could not be asked and the set before is used instead. */
  onWarning?: (error: Error) => void
}

interface KeptKeySet {
  keySet: KeySet
  fetch: RequestOptions['fetch']
  onWarning: InstanceKeySetOptions['onWarning']
}

const keptKeySets = new Map<string, KeptKeySet>()

/** The key set of an instance, shared by all callers with the same API and secret key. */
export function keySetOf(options: InstanceKeySetOptions): KeySet {
  const { apiUrl = DEFAULT_API_URL, apiVersion = DEFAULT_API_VERSION, secretKey, fetch, onWarning } = options
  const name = `${apiUrl} ${apiVersion} ${secretKey}`
  const known = keptKeySets.get(name)
  if (known && known.fetch === fetch) {
    known.onWarning = onWarning ?? known.onWarning
    return known.keySet
  }
  if (keptKeySets.size >= KEPT_KEY_SETS) keptKeySets.delete(keptKeySets.keys().next().value!)
  // A caller's hook is often made anew for each call: the latest one is told.
  const keySet = createInstanceKeySet({ ...options, onWarning: (error) => kept.onWarning?.(error) })
  const kept: KeptKeySet = { keySet, fetch, onWarning }
  keptKeySets.set(name, kept)
  return keySet
}

/** A key set that nobody else uses. */
export function createInstanceKeySet(options: InstanceKeySetOptions): KeySet {
  const client = new ApiClient(options)
  return createKeySet({ load: () => loadKeys(client), onWarning: options.onWarning })
}

async function loadKeys(client: ApiClient): Promise<{ keys: Jwk[] }> {
  try {
    return await client.request('GET', path`/jwks`)
  } catch (cause) {
    const unauthorized = cause instanceof ClerkAPIResponseError && (cause.status === 401 || cause.status === 403)
    const message = cause instanceof Error ? cause.message : 'The key set could not be fetched.'
    throw new JwtError(unauthorized ? 'key_set_unauthorized' : 'key_set_unavailable', message, { cause })
  }
}
