import type { TrustedDeviceJSON } from '@latchkey/types'
import type { Resource } from './resource.js'

/** A phone or tablet whose key signs its user in. */
export interface TrustedDevice extends Resource<TrustedDeviceJSON> {
  name: string | null
  /** Unix milliseconds. */
  lastUsedAt: number | null
  /** Unix milliseconds. */
  revokedAt: number | null
}
