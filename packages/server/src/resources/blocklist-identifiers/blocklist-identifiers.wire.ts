import type { BlocklistIdentifierJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { BlocklistIdentifierRecord } from './blocklist-identifiers.table.js'

const schema = component(
  'BlocklistIdentifier',
  z.object({
    object: z.literal('blocklist_identifier'),
    id: z.string(),
    identifier: z.string(),
    identifier_type: z.enum(['email_address', 'phone_number', 'web3_wallet']),
    instance_id: z.string(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<BlocklistIdentifierJSON>),
)

export const blocklistIdentifier = {
  schema,
  toJSON: (record: BlocklistIdentifierRecord): BlocklistIdentifierJSON =>
    toWire(schema, record, { object: 'blocklist_identifier' }),
}
