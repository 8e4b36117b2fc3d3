import { integer, sealed, table, text, word } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

/**
 * What a token brings from one place to another: cookies to an application's server, a browser to a satellite, somebody
 * to the page of webhooks.
 */
export type OneTimeTokenKind = 'handshake' | 'link' | 'webhook_page'

/** Tokens that travel in a URL: each is worth something once, and for a short time. */
export const oneTimeTokens = table(
  'one_time_tokens',
  { noun: 'token', prefix: 'ott', immutable: true },
  {
    kind: word<OneTimeTokenKind>(),
    /** SHA-256, hex. */
    hash: text,
    /** JSON. */
    payload: sealed,
    expiresAt: integer,
  },
  {
    one_time_tokens_hash: { on: ['instanceId', 'hash'], unique: true },
    one_time_tokens_expires_at: { on: ['expiresAt'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    one_time_tokens: RowOf<typeof oneTimeTokens>
  }
}

export type OneTimeTokenRecord = RecordOf<typeof oneTimeTokens>
