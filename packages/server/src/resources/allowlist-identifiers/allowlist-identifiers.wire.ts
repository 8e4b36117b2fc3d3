import type { AllowlistIdentifierJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { AllowlistIdentifierRecord } from './allowlist-identifiers.table.js'

const schema = component(
  'AllowlistIdentifier',
  z.object({
    object: z.literal('allowlist_identifier'),
    id: z.string(),
    invitation_id: z.string().optional(),
    identifier: z.string(),
    identifier_type: z.enum(['email_address', 'phone_number', 'web3_wallet']),
    instance_id: z.string(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<AllowlistIdentifierJSON>),
)

export const allowlistIdentifier = {
  schema,
  toJSON: (record: AllowlistIdentifierRecord): AllowlistIdentifierJSON =>
    toWire(schema, record, {
      object: 'allowlist_identifier',
      invitation_id: record.invitationId ?? undefined,
    }),
}
