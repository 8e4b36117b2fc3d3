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

/**
 * What one secret key may call altogether.
 *
 * @see https://clerk.com/docs/guides/how-clerk-works/system-limits#backend-api-requests
 */
export function secretKeyRule({ environmentType }: { environmentType: 'development' | 'production' }): Rule {
  return { max: environmentType === 'production' ? 1000 : 100, windowSeconds: 10 }
}
