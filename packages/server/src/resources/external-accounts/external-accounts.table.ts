import type { Metadata } from '../../kernel/metadata.js'
import { boolean, integer, json, nullable, reference, sealed, table, text } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'
import { verificationColumns } from '../verifications/verifications.table.js'

export const externalAccounts = table(
  'external_accounts',
  { noun: 'external account', prefix: 'eac' },
  {
    userId: reference('users'),
    identificationId: text,
    /** `oauth_google`, `oauth_custom_…` */
    provider: text,
    providerUserId: text,
    emailAddress: text,
    emailAddressVerified: nullable(boolean),
    firstName: text,
    lastName: text,
    username: nullable(text),
    phoneNumber: nullable(text),
    imageUrl: nullable(text),
    approvedScopes: text,
    label: nullable(text),
    publicMetadata: json<Metadata>(),
    accessToken: nullable(sealed),
    refreshToken: nullable(sealed),
    idToken: nullable(sealed),
    tokenSecret: nullable(sealed),
    tokenExpiresAt: nullable(integer),
    ...verificationColumns,
  },
  {
    external_accounts_provider: { on: ['instanceId', 'provider', 'providerUserId'], unique: true },
    external_accounts_user: { on: ['userId', 'createdAt'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    external_accounts: RowOf<typeof externalAccounts>
  }
}

export type ExternalAccountRecord = RecordOf<typeof externalAccounts>
