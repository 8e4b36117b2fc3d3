import type { Metadata } from '../../kernel/metadata.js'
import { bare, boolean, integer, json, nullable, reference, sealed, table, text } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

export const users = table(
  'users',
  { noun: 'user', prefix: 'user', counted: true },
  {
    externalId: nullable(text),
    username: nullable(text),
    usernameCanonical: nullable(text),
    firstName: nullable(text),
    lastName: nullable(text),
    locale: nullable(text),
    primaryEmailAddressId: nullable(text),
    primaryPhoneNumberId: nullable(text),
    primaryWeb3WalletId: nullable(text),
    imageId: nullable(text),
    passwordDigest: nullable(text),
    passwordHasher: nullable(text),
    passwordUpdatedAt: nullable(integer),
    passwordCompromised: boolean,
    totpSecret: nullable(sealed),
    /** The last time step whose code was accepted: a code works once. */
    totpUsedStep: nullable(integer),
    backupCodes: nullable(json<string[]>()),
    mfaEnabledAt: nullable(integer),
    mfaDisabledAt: nullable(integer),
    publicMetadata: json<Metadata>(),
    privateMetadata: json<Metadata>(),
    unsafeMetadata: json<Metadata>(),
    banned: boolean,
    locked: boolean,
    /** Null on a locked user: the lock has no end. */
    lockoutExpiresAt: nullable(integer),
    failedAttempts: integer,
    deleteSelfEnabled: boolean,
    createOrganizationEnabled: boolean,
    createOrganizationsLimit: nullable(integer),
    bypassClientTrust: boolean,
    legalAcceptedAt: nullable(integer),
    lastSignInAt: nullable(integer),
    lastActiveAt: nullable(integer),
    /** Canonical forms of the primary identifiers, for sorting. */
    primaryEmailAddress: nullable(text),
    primaryPhoneNumber: nullable(text),
    primaryWeb3Wallet: nullable(text),
  },
  {
    users_external_id: { on: ['instanceId', 'externalId'], unique: true },
    users_username: { on: ['instanceId', 'usernameCanonical'], unique: true },
    users_by_created_at: { on: ['instanceId', 'createdAt', 'id'], nullsFirst: true },
    users_by_updated_at: { on: ['instanceId', 'updatedAt', 'id'], nullsFirst: true },
    users_by_first_name: { on: ['instanceId', 'firstName', 'id'], nullsFirst: true },
    users_by_last_name: { on: ['instanceId', 'lastName', 'id'], nullsFirst: true },
    users_by_last_active_at: { on: ['instanceId', 'lastActiveAt', 'id'], nullsFirst: true },
    users_by_last_sign_in_at: { on: ['instanceId', 'lastSignInAt', 'id'], nullsFirst: true },
    users_by_primary_email_address: { on: ['instanceId', 'primaryEmailAddress', 'id'], nullsFirst: true },
    users_by_primary_phone_number: { on: ['instanceId', 'primaryPhoneNumber', 'id'], nullsFirst: true },
    users_by_primary_web3_wallet: { on: ['instanceId', 'primaryWeb3Wallet', 'id'], nullsFirst: true },
    users_by_username: { on: ['instanceId', 'usernameCanonical', 'id'], nullsFirst: true },
    users_banned: { on: ['instanceId', 'createdAt', 'id'], where: 'banned = 1' },
  },
)

/**
 * What `query` searches, one row a user, folded by `lib/identifiers/text.ts`. The trigram indexes differ by database
 * and are defined only in the migration, as is SQLite's own key of the rows.
 */
export const userSearch = bare(
  'user_search',
  {
    userId: reference('users'),
    instanceId: text,
    emailAddresses: text,
    phoneNumbers: text,
    username: text,
    web3Wallets: text,
    name: text,
  },
  { primaryKey: ['userId'] },
)

declare module '../../storage/schema.js' {
  interface Schema {
    users: RowOf<typeof users>
    user_search: RowOf<typeof userSearch>
  }
}

export type UserRecord = RecordOf<typeof users>

/** To a user's row. */
export type UserChanges = Partial<Omit<UserRecord, 'id' | 'instanceId'>>
