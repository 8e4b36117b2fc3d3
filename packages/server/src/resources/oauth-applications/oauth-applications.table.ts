import { boolean, json, nullable, table, text } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

/** Applications that sign their users in through the instance. */
export const oauthApplications = table(
  'oauth_applications',
  { noun: 'OAuth application', prefix: 'oa', counted: true },
  {
    name: text,
    /** The name, folded: what a list's `name_query` searches. */
    search: text,
    clientId: text,
    /** SHA-256, hex. Null for a public client, and for a confidential one until its secret is rotated. */
    secretHash: nullable(text),
    clientUri: nullable(text),
    imageId: nullable(text),
    redirectUris: json<string[]>(),
    /** Those that it may ask for. */
    scopes: json<string[]>(),
    public: boolean,
    pkceRequired: boolean,
    consentScreenEnabled: boolean,
    dynamicallyRegistered: boolean,
  },
  {
    oauth_applications_client_id: { on: ['instanceId', 'clientId'], unique: true },
    oauth_applications_created_at: { on: ['instanceId', 'createdAt', 'id'] },
    oauth_applications_name: { on: ['instanceId', 'name', 'id'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    oauth_applications: RowOf<typeof oauthApplications>
  }
}

export type OAuthApplicationRecord = RecordOf<typeof oauthApplications>
