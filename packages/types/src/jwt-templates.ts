import type { ResourceJSON } from './resource.js'

export interface JwtTemplateJSON extends ResourceJSON<'jwt_template'> {
  name: string
  /** Claims, with shortcodes such as `{{user.id}}`. */
  claims: Record<string, unknown>
  /** Seconds. */
  lifetime: number
  /** Seconds. */
  allowed_clock_skew: number
  custom_signing_key: boolean
  signing_algorithm: string
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface CreateJWTTemplateJSON {
  name: string
  claims: Record<string, unknown>
  /** Seconds, 30 to 315360000. Default is 60. */
  lifetime?: number | null
  /** Seconds, 0 to 300. Default is 5. */
  allowed_clock_skew?: number | null
  custom_signing_key?: boolean
  /** Required with `custom_signing_key`. */
  signing_algorithm?: string | null
  /** Private key, required with `custom_signing_key`; never returned. */
  signing_key?: string | null
}

export type UpdateJWTTemplateJSON = CreateJWTTemplateJSON
