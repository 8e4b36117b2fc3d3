import { inBrowser, type Caller } from '../../kernel/caller.js'
import type { Rule } from '../../kernel/limits.js'

/** The limits that the API documents. Development and CI should not meet them. */
export interface RateLimitSettings {
  /** All of them, also those of secret keys. */
  enabled: boolean
  /** Those of the Frontend API, where everybody can guess. */
  people: boolean
}

export const defaultRateLimits = (environmentType: 'development' | 'production'): RateLimitSettings => ({
  enabled: false,
  people: environmentType === 'production',
})

/** Whether any limit holds for the caller, whatever it counts: calls of an address, messages to a recipient. */
export function areLimited({ enabled, people }: RateLimitSettings, caller: Caller): boolean {
  return !caller.isUnlimited && (enabled || (people && inBrowser(caller)))
}

/**
 * What one secret key may call altogether.
 *
 * @see https://clerk.com/docs/guides/how-clerk-works/system-limits#backend-api-requests
 */
export function secretKeyRule({ environmentType }: { environmentType: 'development' | 'production' }): Rule {
  return { max: environmentType === 'production' ? 1000 : 100, windowSeconds: 10 }
}
