import { digest, keep } from '@latchkey/crypto'
import type { SessionClaims } from '@latchkey/types'

/** How many verified tokens are remembered; false remembers none. */
export type TokenCacheOption = false | { max: number }

/** Default number of remembered tokens: some ten megabytes, full. */
const DEFAULT_MAX = 10_000

/** How many sets of options are told apart; the oldest one's tokens are verified anew when it is exceeded. */
const KEPT_SCOPES = 100

interface Entry {
  claims: SessionClaims
  /** Unix milliseconds. */
  validFrom: number
  /** Unix milliseconds. */
  validUntil: number
}

/** Everything an answer depends on beside the token and the time: the key, where it comes from, and the rules. */
export type Scope = readonly unknown[]

/** Tokens that have been verified, by digest, each until it expires. It never holds a token itself. */
export class TokenCache {
  readonly #max: number
  readonly #entries = new Map<string, Entry>()
  readonly #scopes: { id: string; scope: Scope }[] = []
  #nextScope = 0

  constructor(max: number) {
    this.#max = max
  }

  /** The name an answer is kept under. */
  async nameOf(token: string, scope: Scope): Promise<string> {
    const hash = digest(token)
    return this.#idOf(scope) + (typeof hash === 'string' ? hash : await hash)
  }

  /** A copy of the claims: a caller may change what it is given. */
  get(name: string, now: number): SessionClaims | undefined {
    const entry = this.#entries.get(name)
    if (!entry || now < entry.validFrom) return undefined
    if (now < entry.validUntil) return copy(entry.claims)
    this.#entries.delete(name)
    return undefined
  }

  /** @param skew How far the issuer's clock may be from ours, in milliseconds. */
  set(name: string, claims: SessionClaims, skew: number): void {
    // Not every issuer sets the two that say when a token begins.
    const { exp, nbf = 0, iat = 0 } = claims as { exp: number; nbf?: number; iat?: number }
    const entry = { claims: copy(claims), validFrom: Math.max(nbf, iat) * 1000 - skew, validUntil: exp * 1000 + skew }
    keep(this.#entries, name, entry, this.#max)
  }

  #idOf(scope: Scope): string {
    const known = this.#scopes.find((other) => isSame(other.scope, scope))
    if (known) return known.id
    const id = `${this.#nextScope++}:`
    // A list that its owner changes later must not change what was asked for now.
    this.#scopes.push({ id, scope: scope.map((fact) => (Array.isArray(fact) ? [...fact] : fact)) })
    if (this.#scopes.length > KEPT_SCOPES) this.#scopes.shift()
    return id
  }
}

const caches = new Map<number, TokenCache>()

/**
 * The process's cache of this size; null where there is to be none.
 *
 * @throws {TypeError} when `max` is not a whole number from 1 on.
 */
export function tokenCacheOf(option: TokenCacheOption | undefined): TokenCache | null {
  if (option === false) return null
  const { max } = option ?? { max: DEFAULT_MAX }
  const known = caches.get(max)
  if (known) return known
  if (!Number.isSafeInteger(max) || max < 1) {
    throw new TypeError(
      `"tokenCache.max" must be a whole number from 1 on, got ${JSON.stringify(max)}. Pass tokenCache: false for none.`,
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

/** Copies what JSON can hold, faster than `structuredClone`. */
function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copy) as T
  const result = { ...value }
  for (const name in result) {
    if (typeof result[name] === 'object') result[name] = copy(result[name])
  }
  return result
}
