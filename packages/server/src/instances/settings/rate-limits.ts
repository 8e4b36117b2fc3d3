import type { Rule } from '../../kernel/limits.js'

/** The limits that the API documents. Off by default: development and CI should not meet them. */
export interface RateLimitSettings {
  enabled: boolean
}

export const defaultRateLimits: RateLimitSettings = { enabled: false }

/**
 * What one secret key may call altogether.
 *
 * @see https://clerk.com/docs/guides/how-clerk-works/system-limits#backend-api-requests
 */
export function secretKeyRule({ environmentType }: { environmentType: 'development' | 'production' }): Rule {
  return { max: environmentType === 'production' ? 1000 : 100, windowSeconds: 10 }
}
