import { bare, boolean, integer, json, nullable, reference, sealed, table, text, word } from '../storage/table.js'
import type { RecordOf, RowOf } from '../storage/table.js'
import type { SettingsChange } from './settings/settings.js'

export const instances = bare(
  'instances',
  {
    id: text,
    environmentType: word<'development' | 'production'>(),
    name: text,
    /** The host in the publishable key; `iss` of the tokens is `https://<this>`. */
    frontendHost: text,
    isDefault: boolean,
    /** See `settings/settings.ts`; an absent setting has its default. */
    settings: json<SettingsChange>(),
    createdAt: integer,
    updatedAt: integer,
  },
  {
    primaryKey: ['id'],
    indexes: {
      instances_frontend_host: { on: ['frontendHost'], unique: true },
      instances_default: { on: ['isDefault'], unique: true, where: 'is_default = 1' },
    },
  },
)

/** What a secret is for; `secrets.ts` says how each kind is made and kept. */
export type SecretKind = 'secret_key' | 'machine_secret_key'

/** Keys of every sort that callers authenticate with. Looked up by hash before their instance is known. */
export const secrets = table(
  'secrets',
  { noun: 'secret key', prefix: 'key', immutable: true },
  {
    kind: word<SecretKind>(),
    name: text,
    /** SHA-256, hex. The secret itself is random enough to need no salt. */
    hash: text,
    lastUsedAt: nullable(integer),
    /** From here on it is no longer accepted. */
    revokedAt: nullable(integer),
    /** The machine whose key it is. */
    machineId: nullable(reference('machines')),
    /** The secret itself, where it can be read again. */
    sealed: nullable(sealed),
    /** From here on it is no longer accepted. Set when it is replaced. */
    expiresAt: nullable(integer),
  },
  {
    secrets_hash: { on: ['hash'], unique: true },
    secrets_instance: { on: ['instanceId', 'createdAt'] },
    secrets_machine: { on: ['machineId'] },
    secrets_machine_current: { on: ['machineId'], unique: true, where: 'expires_at is null' },
  },
)

/** Keys of whoever runs the server; see `operator-keys.store.ts`. */
export const operatorKeys = bare(
  'operator_keys',
  {
    id: text,
    name: text,
    /** SHA-256, hex. */
    hash: text,
    createdAt: integer,
    revokedAt: nullable(integer),
  },
  { primaryKey: ['id'], indexes: { operator_keys_hash: { on: ['hash'], unique: true } } },
)

export const signingKeys = table(
  'signing_keys',
  // The id is also the `kid` of the tokens.
  { noun: 'signing key', prefix: 'ins', immutable: true },
  {
    algorithm: text,
    publicJwk: json<Record<string, string>>(),
    privateKey: sealed,
    /** From here on no token is signed with it. Null for the newest. */
    retiredAt: nullable(integer),
    /** From here on it leaves the key set. */
    expiresAt: nullable(integer),
    /** From here on what it sealed is refused too, as others may have it. Null for as long as browsers keep a cookie. */
    sealsUntil: nullable(integer),
  },
  { signing_keys_in_use: { on: ['instanceId'], unique: true, where: 'retired_at is null' } },
)

declare module '../storage/schema.js' {
  interface Schema {
    instances: RowOf<typeof instances>
    operator_keys: RowOf<typeof operatorKeys>
    secrets: RowOf<typeof secrets>
    signing_keys: RowOf<typeof signingKeys>
  }
}

export type InstanceRecord = RecordOf<typeof instances>
export type SecretRecord = RecordOf<typeof secrets>
export type SigningKeyRecord = RecordOf<typeof signingKeys>
export type OperatorKeyRecord = RecordOf<typeof operatorKeys>
