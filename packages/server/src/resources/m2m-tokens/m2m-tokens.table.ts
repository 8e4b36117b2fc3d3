import { integer, json, nullable, reference, sealed, table, text } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

/** Opaque tokens. JWTs are not stored. */
export const m2mTokens = table(
  'm2m_tokens',
  { noun: 'M2M token', prefix: 'mt' },
  {
    /** Whose token it is. */
    machineId: reference('machines'),
    /** Ids of the machines that accept it: those that its machine could call when it was made. */
    scopes: json<string[]>(),
    claims: nullable(json<Record<string, unknown>>()),
    /** SHA-256, hex. */
    hash: text,
    /** The token itself: a later request for the same token gets it again. */
    sealedToken: sealed,
    /** Digest of claims and scopes: tokens of a machine that have it in common are interchangeable. */
    fingerprint: text,
    expiresAt: integer,
    revokedAt: nullable(integer),
    revocationReason: nullable(text),
    lastUsedAt: nullable(integer),
  },
  {
    m2m_tokens_hash: { on: ['instanceId', 'hash'], unique: true },
    m2m_tokens_by_created_at: { on: ['machineId', 'createdAt', 'id'] },
    m2m_tokens_by_expires_at: { on: ['expiresAt'] },
    m2m_tokens_reusable: { on: ['machineId', 'fingerprint', 'expiresAt'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    m2m_tokens: RowOf<typeof m2mTokens>
  }
}

export type M2MTokenRecord = RecordOf<typeof m2mTokens>
