import type { BlocklistIdentifierType } from '@latchkey/types'
import { table, text, word } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

export const blocklistIdentifiers = table(
  'blocklist_identifiers',
  { noun: 'block-list identifier', prefix: 'blid', counted: true },
  {
    identifier: text,
    identifierType: word<BlocklistIdentifierType>(),
    /** What is compared; see `IdentifierPattern`. */
    pattern: text,
  },
  {
    blocklist_identifiers_pattern: { on: ['instanceId', 'pattern'], unique: true },
    blocklist_identifiers_instance: { on: ['instanceId', 'createdAt'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    blocklist_identifiers: RowOf<typeof blocklistIdentifiers>
  }
}

export type BlocklistIdentifierRecord = RecordOf<typeof blocklistIdentifiers>
