import type { PasskeyJSON } from '@latchkey/types'
import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { VerificationRecord } from '../verifications/verifications.table.js'
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

/** In a body: JSON of what a device has made or signed. None is longer. */
export const publicKeyCredential = z.string().max(65_536)

/** A passkey of the person who asks, or one whose device has not answered yet. */
export type PasskeyView = { passkey: PasskeyRecord } | { challenge: VerificationRecord; name: string }

const ownSchema = component(
  'OwnPasskey',
  schema.extend({ last_used_at: milliseconds.nullable(), created_at: milliseconds, updated_at: milliseconds }),
)

/** As its user sees it. The Frontend API has no null for the end of a verification. */
export const ownPasskey = {
  schema: ownSchema,
  toJSON: (view: PasskeyView, { clock }: Pick<WireContext, 'clock'>): z.output<typeof ownSchema> => {
    if ('passkey' in view) {
      const { createdAt, updatedAt, lastUsedAt } = view.passkey
      const { verification, ...json } = passkey.toJSON(view.passkey)
      return {
        ...json,
        last_used_at: lastUsedAt,
        verification: { ...verification!, expire_at: createdAt },
        created_at: createdAt,
        updated_at: updatedAt,
      }
    }
    const { subjectId, status, attempts, expireAt, nonce, createdAt, updatedAt } = view.challenge
    const isOver = status === 'unverified' && expireAt <= clock.now()
    return {
      object: 'passkey',
      id: subjectId,
      name: view.name,
      last_used_at: null,
      verification: {
        object: 'verification_passkey',
        status: isOver ? 'expired' : status,
        strategy: 'passkey',
        attempts,
        expire_at: expireAt,
        ...(isOver || nonce === null ? {} : { nonce }),
      },
      created_at: createdAt,
      updated_at: updatedAt,
    }
  },
}
