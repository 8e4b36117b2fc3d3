import { integer, json, nullable, reference, table, text, word } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

/** What a user lets an application do. Its tokens live and end with it. */
export const oauthGrants = table(
  'oauth_grants',
  { noun: 'OAuth grant', prefix: 'oagr' },
  {
    applicationId: reference('oauth_applications'),
    userId: reference('users'),
    scopes: json<string[]>(),
    revokedAt: nullable(integer),
  },
  {
    oauth_grants_application: { on: ['applicationId', 'createdAt'] },
    oauth_grants_user: { on: ['userId', 'createdAt'] },
  },
)

/** Opaque access tokens and refresh tokens. Access tokens that are JWTs are not stored. */
export const oauthTokens = table(
  'oauth_tokens',
  { noun: 'OAuth token', prefix: 'oat' },
  {
    grantId: reference('oauth_grants'),
    kind: word<'access' | 'refresh'>(),
    /** SHA-256, hex. */
    hash: text,
    /** Null for one that does not expire. */
    expiresAt: nullable(integer),
  },
  {
    oauth_tokens_hash: { on: ['instanceId', 'hash'], unique: true },
    oauth_tokens_grant: { on: ['grantId'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    oauth_grants: RowOf<typeof oauthGrants>
    oauth_tokens: RowOf<typeof oauthTokens>
  }
}

export type OAuthGrantRecord = RecordOf<typeof oauthGrants>
export type OAuthTokenRecord = RecordOf<typeof oauthTokens>
