import type { PasskeyJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import { verificationSchema } from '../verifications/verifications.wire.js'
import type { PasskeyRecord } from './passkeys.table.js'

const schema = component(
  'Passkey',
  z.object({
    object: z.literal('passkey'),
    id: z.string(),
    name: z.string(),
    last_used_at: milliseconds,
    verification: verificationSchema.nullable(),
  } satisfies Shape<PasskeyJSON>),
)

export const passkey = {
  schema,
  toJSON: (row: PasskeyRecord): PasskeyJSON =>
    toWire(schema, row, {
      object: 'passkey',
      // The contract allows no null here; the registration counts as the first use.
      last_used_at: row.lastUsedAt ?? row.createdAt,
      verification: {
        object: 'verification_passkey',
        status: 'verified',
        strategy: 'passkey',
        attempts: null,
        expire_at: null,
      },
    }),
}
