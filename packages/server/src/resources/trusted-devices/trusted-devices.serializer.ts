import type { TrustedDeviceJSON } from '@latchkey/types'
import type { TrustedDeviceRecord } from '../../storage/tables.js'

export function toTrustedDeviceJSON(device: TrustedDeviceRecord): TrustedDeviceJSON {
  return {
    object: 'trusted_device',
    id: device.id,
    platform: device.platform,
    app_identifier: device.appIdentifier,
    name: device.name,
    algorithm: device.algorithm,
    status: device.status,
    created_at: device.createdAt,
    updated_at: device.updatedAt,
    last_used_at: device.lastUsedAt,
    revoked_at: device.revokedAt,
  }
}
