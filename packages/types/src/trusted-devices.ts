import type { ResourceJSON } from './resource.js'

/** A phone or tablet whose key signs its user in. */
export interface TrustedDeviceJSON extends ResourceJSON<'trusted_device'> {
  platform: 'ios' | 'android'
  app_identifier: string
  name?: string | null
  algorithm: 'ES256'
  status: 'active' | 'revoked'
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
  /** Unix milliseconds. */
  last_used_at?: number | null
  /** Unix milliseconds. */
  revoked_at?: number | null
}
