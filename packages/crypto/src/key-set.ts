import type { JwtHeader } from './decode-jwt.js'
import { JwtError } from './jwt-error.js'
import type { Jwk } from './key-material.js'

/** How long a key set is used before it is fetched again, in milliseconds. */
const DEFAULT_LIFETIME = 300_000

/** Least time between two requests caused by unknown key ids or failures, in milliseconds. */
const DEFAULT_COOLDOWN = 30_000

/** Keys of a set. An issuer has two while it rotates them. */
const MOST_KEYS = 100

/** Fetches the key set from the issuer. */
export type LoadKeys = () => Promise<{ keys: Jwk[] }>

export interface KeySetOptions extends KeySetRules {
  /** Use this, or `url`. */
  load?: LoadKeys
  /** URL of the key set, which is JSON. */
  url?: string
  headers?: Record<string, string>
  /** Default is `globalThis.fetch` at the time of the request. */
  fetch?: typeof globalThis.fetch
}

/** When a key set is fetched again. */
export interface KeySetRules {
  /** How long a set is used before it is fetched again, in milliseconds. Default 5 minutes. */
  lifetime?: number
  /** The least time between two requests caused by unknown key ids or failures, in milliseconds. Default 30 seconds. */
  cooldown?: number
  /** Unix milliseconds. Default `Date.now`. */
  now?: () => number
  /** Called when the set could not be fetched and the previous one stays in use. */
  onWarning?: (error: JwtError) => void
}

export interface KeySet {
  /**
   * Finds the key with this id. Concurrent calls share one request.
   *
   * @throws {JwtError} `key_not_found`, `key_set_unauthorized` (401 and 403), `key_set_unavailable` or `key_set_invalid`.
   */
  getKey(keyId: string | undefined): Promise<Jwk>
  /** {@link getKey} for the `kid` of a token's header. Pass it to `verifyJwt` as `key`. */
  keyFor(header: JwtHeader): Promise<Jwk>
}

/**
 * Creates a remote key set. It is fetched on first use, cached, and fetched again when it is old or a token names an
 * unknown key.
 */
export function createKeySet(options: KeySetOptions): KeySet {
  return createLoadedKeySet(options.load ?? (() => loadFromUrl(options)), options)
}

/**
 * {@link createKeySet} for callers with their own `load`. Their bundles do not include the code that fetches from a
 * URL.
 */
export function createLoadedKeySet(load: LoadKeys, options: KeySetRules): KeySet {
  const { lifetime = DEFAULT_LIFETIME, cooldown = DEFAULT_COOLDOWN, now = Date.now, onWarning } = options
  let keys: Map<string, Jwk> | undefined
  let usableUntil = 0
  let nextSearch = 0
  let pending: Promise<void> | undefined

  function refresh(): Promise<void> {
    pending ??= request().finally(() => {
      pending = undefined
    })
    return pending
  }

  async function request(): Promise<void> {
    try {
      keys = indexKeys(await load())
      usableUntil = now() + lifetime
    } catch (cause) {
      const error = toJwtError(cause)
      // A revoked secret key is not an outage: the old set must no longer be trusted.
      if (!keys || error.code === 'key_set_unauthorized') throw error
      usableUntil = now() + cooldown
      onWarning?.(error)
    }
  }

  async function getKey(keyId: string | undefined): Promise<Jwk> {
    if (keyId === undefined) throw new JwtError('key_not_found', 'The token names no key (kid).')
    const old = !keys || now() >= usableUntil
    if (old) await refresh()
    let key = keys?.get(keyId)
    if (!key && !old && (pending || now() >= nextSearch)) {
      nextSearch = now() + cooldown
      await refresh()
      key = keys?.get(keyId)
    }
    if (!key) throw new JwtError('key_not_found', `The key set has no key with id ${JSON.stringify(keyId)}.`)
    return key
  }

  return { getKey, keyFor: (header) => getKey(header.kid) }
}

async function loadFromUrl({ url, headers, fetch }: KeySetOptions): Promise<{ keys: Jwk[] }> {
  if (!url) throw new TypeError('createKeySet needs "load" or "url".')
  const response = await (fetch ?? globalThis.fetch)(url, { headers })
  if (response.status === 401 || response.status === 403) {
    throw new JwtError(
      'key_set_unauthorized',
      `The request for the key set was refused with status ${response.status}.`,
    )
  }
  if (!response.ok) {
    throw new JwtError('key_set_unavailable', `The request for the key set got status ${response.status}.`)
  }
  try {
    return (await response.json()) as { keys: Jwk[] }
  } catch (cause) {
    throw cause instanceof SyntaxError ? new JwtError('key_set_invalid', 'The key set is not JSON.', { cause }) : cause
  }
}

function indexKeys(set: { keys: Jwk[] }): Map<string, Jwk> {
  if (!Array.isArray(set?.keys)) throw new JwtError('key_set_invalid', 'The key set has no list of keys.')
  if (set.keys.length > MOST_KEYS)
    throw new JwtError('key_set_invalid', `The key set has ${set.keys.length} keys, more than ${MOST_KEYS}.`)
  return new Map(set.keys.filter((key) => typeof key?.kid === 'string').map((key) => [key.kid!, key]))
}

function toJwtError(cause: unknown): JwtError {
  if (cause instanceof JwtError) return cause
  return new JwtError('key_set_unavailable', 'The key set could not be fetched.', { cause })
}
