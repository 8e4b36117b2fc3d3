import { integer, nullable, reference, table, text, word } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

export const trustedDevices = table(
  'trusted_devices',
  { noun: 'trusted device', prefix: 'tdev' },
  {
    userId: reference('users'),
    platform: word<'ios' | 'android'>(),
    appIdentifier: text,
    name: nullable(text),
    algorithm: word<'ES256'>(),
    /** SPKI, base64url. */
    publicKey: text,
    status: word<'active' | 'revoked'>(),
    lastUsedAt: nullable(integer),
    revokedAt: nullable(integer),
  },
  { trusted_devices_user: { on: ['userId', 'createdAt'] } },
)

declare module '../../storage/schema.js' {
  interface Schema {
    trusted_devices: RowOf<typeof trustedDevices>
  }
}

export type TrustedDeviceRecord = RecordOf<typeof trustedDevices>
