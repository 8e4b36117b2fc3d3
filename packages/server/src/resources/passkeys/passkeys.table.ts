import { integer, json, nullable, reference, table, text } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

export const passkeys = table(
  'passkeys',
  { noun: 'passkey', prefix: 'idn' },
  {
    userId: reference('users'),
    name: text,
    credentialId: text,
    /** COSE key, base64url. */
    publicKey: text,
    signatureCounter: integer,
    transports: json<string[]>(),
    lastUsedAt: nullable(integer),
  },
  {
    passkeys_credential: { on: ['instanceId', 'credentialId'], unique: true },
    passkeys_user: { on: ['userId', 'createdAt'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    passkeys: RowOf<typeof passkeys>
  }
}

export type PasskeyRecord = RecordOf<typeof passkeys>
