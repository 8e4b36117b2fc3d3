import { digest, keep } from '@latchkey/crypto'
import type { SessionClaims } from '@latchkey/types'

/** How many verified tokens are kept; false turns the cache off. */
export type TokenCacheOption = false | { max: number }

/** Default number of tokens: about ten megabytes when full. */
const DEFAULT_MAX = 10_000

/**
 * How many different sets of options are kept. Beyond that, the oldest is dropped, and its tokens are verified again.
 */
const KEPT_SCOPES = 100

interface Entry {
  claims: SessionClaims
  /** Unix milliseconds. */
  validFrom: number
  /** Unix milliseconds. */
  validUntil: number
}

/** Everything that a result depends on besides the token and the time: the key, its source, and the rules. */
export type Scope = readonly unknown[]

/** Claims of verified tokens, by the token's digest, each until it expires. It never holds a token itself. */
export class TokenCache {
  readonly #max: number
  readonly #entries = new Map<string, Entry>()
  readonly #scopes: { id: string; scope: Scope }[] = []
  #nextScope = 0

  constructor(max: number) {
    this.#max = max
  }

  /** The cache key of a token. */
  async nameOf(token: string, scope: Scope): Promise<string> {
    const hash = digest(token)
    return this.#idOf(scope) + (typeof hash === 'string' ? hash : await hash)
  }

  /** Returns a copy of the claims, because the caller may change it. */
  get(name: string, now: number): SessionClaims | undefined {
    const entry = this.#entries.get(name)
    if (!entry || now < entry.validFrom) return undefined
    if (now < entry.validUntil) return copy(entry.claims)
    this.#entries.delete(name)
    return undefined
  }

  /** @param skew How far the issuer's clock may be from ours, in milliseconds. */
  set(name: string, claims: SessionClaims, skew: number): void {
    // Not every issuer sets `nbf` and `iat`.
    const { exp, nbf = 0, iat = 0 } = claims as { exp: number; nbf?: number; iat?: number }
    const entry = { claims: copy(claims), validFrom: Math.max(nbf, iat) * 1000 - skew, validUntil: exp * 1000 + skew }
    keep(this.#entries, name, entry, this.#max)
  }

  #idOf(scope: Scope): string {
    const known = this.#scopes.find((other) => isSame(other.scope, scope))
    if (known) return known.id
    const id = `${this.#nextScope++}:`
    // Lists are copied: if the caller changes one later, the stored scope must not change.
    this.#scopes.push({ id, scope: scope.map((fact) => (Array.isArray(fact) ? [...fact] : fact)) })
    if (this.#scopes.length > KEPT_SCOPES) this.#scopes.shift()
    return id
  }
}

const caches = new Map<number, TokenCache>()

/**
 * The process's cache of this size; null if the cache is off.
 *
 * @throws {TypeError} when `max` is not a whole number of at least 1.
 */
export function tokenCacheOf(option: TokenCacheOption | undefined): TokenCache | null {
  if (option === false) return null
  const { max } = option ?? { max: DEFAULT_MAX }
  const known = caches.get(max)
  if (known) return known
  if (!Number.isSafeInteger(max) || max < 1) {
    throw new TypeError(
      `"tokenCache.max" must be a whole number of at least 1, got ${JSON.stringify(max)}. Pass tokenCache: false to turn it off.`,
    )
  }
  const cache = new TokenCache(max)
  caches.set(max, cache)
  return cache
}

function isSame(a: Scope, b: Scope): boolean {
  for (let index = 0; index < a.length; index++) {
    const one = a[index]
    const other = b[index]
    if (
      one !== other &&
      !(Array.isArray(one) && Array.isArray(other) && one.length === other.length && isSame(one, other))
    )
      return false
  }
  return true
}

/** Copies a JSON value, faster than `structuredClone`. */
function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copy) as T
  const result = { ...value }
  for (const name in result) {
    if (typeof result[name] === 'object') result[name] = copy(result[name])
  }
  return result
}
