import type { TrustedDeviceJSON } from '@latchkey/types'

/** A phone or tablet whose key signs its user in. */
export interface TrustedDevice {
  id: string
  platform: 'ios' | 'android'
  appIdentifier: string
  name: string | null
  algorithm: string
  status: 'active' | 'revoked'
  /** Unix milliseconds. */
  createdAt: number
  /** Unix milliseconds. */
  updatedAt: number
  /** Unix milliseconds. */
  lastUsedAt: number | null
  /** Unix milliseconds. */
  revokedAt: number | null
}

export function toTrustedDevice(json: TrustedDeviceJSON): TrustedDevice {
  return {
    id: json.id,
    platform: json.platform,
    appIdentifier: json.app_identifier,
    name: json.name ?? null,
    algorithm: json.algorithm,
    status: json.status,
    createdAt: json.created_at,
    updatedAt: json.updated_at,
    lastUsedAt: json.last_used_at ?? null,
    revokedAt: json.revoked_at ?? null,
  }
}
