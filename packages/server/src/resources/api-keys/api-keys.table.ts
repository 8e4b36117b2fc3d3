import { boolean, integer, json, nullable, reference, sealed, table, text } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

export const apiKeys = table(
  'api_keys',
  { noun: 'API key', prefix: 'ak' },
  {
    type: text,
    name: text,
    description: nullable(text),
    /** Id of the user, organization or machine that it belongs to; one of the next three has it too. */
    subject: text,
    userId: nullable(reference('users')),
    organizationId: nullable(reference('organizations')),
    machineId: nullable(reference('machines')),
    createdBy: nullable(reference('users', 'set null')),
    scopes: json<string[]>(),
    claims: nullable(json<Record<string, unknown>>()),
    /** SHA-256 of the secret, hex. */
    hash: text,
    sealedSecret: sealed,
    /** Null: it does not expire. */
    expiresAt: nullable(integer),
    revokedAt: nullable(integer),
    revocationReason: nullable(text),
    lastUsedAt: nullable(integer),
    /** Whether no other key of the subject can have its name. One that has expired loses it when another asks for it. */
    holdsName: boolean,
    /** The name, folded: what a list's `query` searches. */
    search: text,
  },
  {
    api_keys_hash: { on: ['instanceId', 'hash'], unique: true },
    api_keys_name: { on: ['instanceId', 'subject', 'name'], unique: true, where: 'holds_name = 1' },
    api_keys_by_created_at: { on: ['instanceId', 'subject', 'createdAt', 'id'] },
    api_keys_user: { on: ['userId'] },
    api_keys_organization: { on: ['organizationId'] },
    api_keys_machine: { on: ['machineId'] },
    api_keys_created_by: { on: ['createdBy'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    api_keys: RowOf<typeof apiKeys>
  }
}

export type APIKeyRecord = RecordOf<typeof apiKeys>
