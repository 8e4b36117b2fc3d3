import type { JwtHeader } from './decode-jwt.js'
import { JwtError } from './jwt-error.js'
import type { Jwk } from './key-material.js'

/** How long a key set is used before it is fetched again, in milliseconds. */
const DEFAULT_LIFETIME = 300_000

/**
 * Least time between two requests caused by unknown key ids, in milliseconds. Anybody can send such ids, so this bounds
 * what they cost the issuer. It also bounds how long a new key may be refused while they do.
 */
const DEFAULT_COOLDOWN = 2000

/**
 * How long the previous set is used after a failure before the issuer is asked again, in milliseconds. A request without an
 * answer counts as lost after the same time: edge runtimes may cancel it once the response has been sent.
 */
const DEFAULT_RETRY_AFTER = 30_000

/**
 * How long somebody waits for the issuer who would use a set that has been old for as long as it was good, in milliseconds,
 * counted from the request.
 */
const PATIENCE = 1000

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
  /** The least time between two requests caused by unknown key ids, in milliseconds. Default 2 seconds. */
  cooldown?: number
  /** How long the previous set is used after a failure, or without an answer, before the next request. Default 30 seconds. */
  retryAfter?: number
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
 * Creates a remote key set. It is fetched on first use, cached, and fetched again when it is old or a token names an unknown
 * key. An old set is refreshed in the background: tokens of known keys are verified with it at once, whatever the issuer does.
 */
export function createKeySet(options: KeySetOptions): KeySet {
  return createLoadedKeySet(options.load ?? (() => loadFromUrl(options)), options)
}

/**
 * {@link createKeySet} for callers with their own `load`. Their bundles do not include the code that fetches from a
 * URL.
 */
export function createLoadedKeySet(load: LoadKeys, options: KeySetRules): KeySet {
  const {
    lifetime = DEFAULT_LIFETIME,
    cooldown = DEFAULT_COOLDOWN,
    retryAfter = DEFAULT_RETRY_AFTER,
    now = Date.now,
    onWarning,
  } = options
  let keys: Map<string, Jwk> | undefined
  let usableUntil = 0
  let nextSearch = 0
  /** From here on the set is used only if the issuer does not answer. */
  let outdatedAt = 0
  let pending: { refreshed: Promise<void>; begunAt: number } | undefined
  /** Requests are numbered: a late answer to an earlier one says less than what a later one brought. */
  let begun = 0
  let settled = 0

  function refresh(): Promise<void> {
    if (!pending || now() >= pending.begunAt + retryAfter) {
      const refreshed = request().finally(() => {
        if (pending?.refreshed === refreshed) pending = undefined
      })
      pending = { refreshed, begunAt: now() }
    }
    return pending.refreshed
  }

  async function request(): Promise<void> {
    const number = ++begun
    try {
      const loaded = indexKeys(await load())
      if (number < settled) return
      settled = number
      keys = loaded
      usableUntil = now() + lifetime
      outdatedAt = usableUntil + lifetime
    } catch (cause) {
      if (number < settled) return
      settled = number
      const error = toJwtError(cause)
      // Neither a revoked secret key nor an issuer without keys is an outage: the old set must no longer be trusted.
      if (error.code === 'key_set_unauthorized' || error.code === 'key_set_empty') keys = undefined
      if (!keys) throw error
      usableUntil = now() + retryAfter
      onWarning?.(error)
    }
  }

  /** Waits for an issuer that is up. While it is silent, nobody waits for the same request again. */
  async function patiently(refreshed: Promise<void>): Promise<void> {
    const left = pending ? pending.begunAt + PATIENCE - now() : 0
    if (left <= 0) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, left)
    })
    await Promise.race([refreshed, patience]).finally(() => clearTimeout(timer))
  }

  async function getKey(keyId: string | undefined): Promise<Jwk> {
    if (keyId === undefined) throw new JwtError('key_not_found', 'The token names no key (kid).')
    const old = !keys || now() >= usableUntil
    const refreshed = old ? refresh() : undefined
    // A program that was idle, or whose runtime drops what goes on in the background, would trust a removed key for ever.
    if (refreshed && keys && now() >= outdatedAt) await patiently(refreshed)
    let key = keys?.get(keyId)
    if (key) {
      // The refresh goes on in the background. A failure is reported by `onWarning`, or to the next caller if it ended the trust in
      // the old set.
      refreshed?.catch(() => {})
      return key
    }
    if (refreshed) await refreshed
    key = keys?.get(keyId)
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
