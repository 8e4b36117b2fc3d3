import type { AllowlistIdentifierType } from '@latchkey/types'
import { nullable, table, text, word } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

export const allowlistIdentifiers = table(
  'allowlist_identifiers',
  { noun: 'allow-list identifier', prefix: 'alid', counted: true },
  {
    identifier: text,
    identifierType: word<AllowlistIdentifierType>(),
    /** What is compared; see `IdentifierPattern`. */
    pattern: text,
    /** Of the invitation that was sent with the entry. Deleting the entry revokes it. */
    invitationId: nullable(text),
  },
  {
    allowlist_identifiers_pattern: { on: ['instanceId', 'pattern'], unique: true },
    allowlist_identifiers_instance: { on: ['instanceId', 'createdAt'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    allowlist_identifiers: RowOf<typeof allowlistIdentifiers>
  }
}

export type AllowlistIdentifierRecord = RecordOf<typeof allowlistIdentifiers>
