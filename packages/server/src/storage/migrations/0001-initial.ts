import type { Migration } from './migration.js'

/**
 * SQLite gets STRICT tables; PostgreSQL compares text byte by byte (`collate "C"`), as SQLite does.
 * `verification` stands for the columns of that name in `tables.ts`.
 */
export const initial: Migration = {
  name: '0001-initial',
  statements(dialect) {
    const sqlite = dialect === 'sqlite'
    const text = sqlite ? 'text' : 'text collate "C"'
    const int = sqlite ? 'integer' : 'bigint'
    const bytes = sqlite ? 'blob' : 'bytea'
    const verification = `verification_status ${text}, verification_strategy ${text}, verification_attempts ${int}, verification_expire_at ${int}`
    const times = `created_at ${int} not null, updated_at ${int} not null`
    const ofInstance = `instance_id ${text} not null references instances(id) on delete cascade`
    const ofUser = `user_id ${text} not null references users(id) on delete cascade`
    const create = (name: string, columns: string) => `create table ${name} (${columns})${sqlite ? ' strict' : ''}`
    const id = `id ${text} primary key`
    const sequence = `sequence ${sqlite ? 'integer primary key autoincrement' : 'bigint generated always as identity primary key'}`
    /** A claimed identifier is unique in its instance; any number of users can try to verify the same one. */
    const claimed = (name: string) =>
      `create unique index ${name}_claimed on ${name} (instance_id, canonical) where claimed = 1`
    const byUser = (name: string) => `create index ${name}_user on ${name} (user_id, created_at)`

    return [
      create(
        'instances',
        `${id}, environment_type ${text} not null, name ${text} not null, frontend_host ${text} not null unique,
        is_default ${int} not null, settings ${text} not null, ${times}`,
      ),
      'create unique index instances_default on instances (is_default) where is_default = 1',
      create(
        'secret_keys',
        `${id}, ${ofInstance}, name ${text} not null, hash ${text} not null unique,
        created_at ${int} not null, last_used_at ${int}, revoked_at ${int}`,
      ),
      'create index secret_keys_instance on secret_keys (instance_id, created_at)',
      create(
        'signing_keys',
        `${id}, ${ofInstance}, algorithm ${text} not null, public_jwk ${text} not null, private_key ${text} not null,
        created_at ${int} not null, retired_at ${int}, expires_at ${int}`,
      ),
      'create unique index signing_keys_in_use on signing_keys (instance_id) where retired_at is null',

      create(
        'users',
        `${id}, ${ofInstance}, external_id ${text}, username ${text}, username_canonical ${text}, first_name ${text}, last_name ${text},
        locale ${text}, primary_email_address_id ${text}, primary_phone_number_id ${text}, primary_web3_wallet_id ${text}, image_id ${text},
        password_digest ${text}, password_hasher ${text}, password_updated_at ${int}, password_compromised ${int} not null,
        totp_secret ${text}, totp_used_step ${int}, backup_codes ${text}, mfa_enabled_at ${int}, mfa_disabled_at ${int},
        public_metadata ${text} not null, private_metadata ${text} not null, unsafe_metadata ${text} not null,
        banned ${int} not null, locked ${int} not null, lockout_expires_at ${int}, failed_attempts ${int} not null,
        delete_self_enabled ${int} not null, create_organization_enabled ${int} not null, create_organizations_limit ${int},
        bypass_client_trust ${int} not null, legal_accepted_at ${int}, last_sign_in_at ${int}, last_active_at ${int}, ${times},
        primary_email_address ${text}, primary_phone_number ${text}, primary_web3_wallet ${text}`,
      ),
      'create unique index users_external_id on users (instance_id, external_id)',
      'create unique index users_username on users (instance_id, username_canonical)',
      ...[
        'created_at',
        'updated_at',
        'first_name',
        'last_name',
        'last_active_at',
        'last_sign_in_at',
        'primary_email_address',
        'primary_phone_number',
        'primary_web3_wallet',
      ].map(
        (column) =>
          `create index users_by_${column} on users (instance_id, ${column}${sqlite ? '' : ' nulls first'}, id)`,
      ),
      'create index users_banned on users (instance_id, created_at, id) where banned = 1',
      create(
        'user_counts',
        `instance_id ${text} not null references instances(id) on delete cascade, slot ${int} not null, count ${int} not null,
        primary key (instance_id, slot)`,
      ),

      create(
        'email_addresses',
        `${id}, ${ofInstance}, ${ofUser}, email_address ${text} not null, canonical ${text} not null,
        claimed ${int} not null, reserved ${int} not null, ${verification}, linked_to ${text} not null, ${times}`,
      ),
      claimed('email_addresses'),
      'create index email_addresses_canonical on email_addresses (instance_id, canonical)',
      byUser('email_addresses'),
      create(
        'phone_numbers',
        `${id}, ${ofInstance}, ${ofUser}, phone_number ${text} not null, canonical ${text} not null,
        claimed ${int} not null, reserved ${int} not null, reserved_for_second_factor ${int} not null, default_second_factor ${int} not null,
        ${verification}, linked_to ${text} not null, ${times}`,
      ),
      claimed('phone_numbers'),
      'create index phone_numbers_canonical on phone_numbers (instance_id, canonical)',
      byUser('phone_numbers'),
      create(
        'web3_wallets',
        `${id}, ${ofInstance}, ${ofUser}, web3_wallet ${text} not null, canonical ${text} not null,
        claimed ${int} not null, ${verification}, ${times}`,
      ),
      claimed('web3_wallets'),
      'create index web3_wallets_canonical on web3_wallets (instance_id, canonical)',
      byUser('web3_wallets'),
      create(
        'external_accounts',
        `${id}, ${ofInstance}, ${ofUser}, identification_id ${text} not null, provider ${text} not null,
        provider_user_id ${text} not null, email_address ${text} not null, email_address_verified ${int}, first_name ${text} not null,
        last_name ${text} not null, username ${text}, phone_number ${text}, image_url ${text}, approved_scopes ${text} not null, label ${text},
        public_metadata ${text} not null, access_token ${text}, refresh_token ${text}, id_token ${text}, token_secret ${text},
        token_expires_at ${int}, ${verification}, ${times}`,
      ),
      'create unique index external_accounts_provider on external_accounts (instance_id, provider, provider_user_id)',
      byUser('external_accounts'),
      create(
        'passkeys',
        `${id}, ${ofInstance}, ${ofUser}, name ${text} not null, credential_id ${text} not null, public_key ${text} not null,
        signature_counter ${int} not null, transports ${text} not null, last_used_at ${int}, ${times}`,
      ),
      'create unique index passkeys_credential on passkeys (instance_id, credential_id)',
      byUser('passkeys'),
      create(
        'trusted_devices',
        `${id}, ${ofInstance}, ${ofUser}, platform ${text} not null, app_identifier ${text} not null, name ${text},
        algorithm ${text} not null, public_key ${text} not null, status ${text} not null, last_used_at ${int}, revoked_at ${int}, ${times}`,
      ),
      byUser('trusted_devices'),
      create(
        'verifications',
        `${id}, ${ofInstance}, ${ofUser}, identification_id ${text} not null, strategy ${text} not null, code_hash ${text} not null,
        status ${text} not null, attempts ${int} not null, expire_at ${int} not null, ${times}`,
      ),
      'create index verifications_identification on verifications (identification_id, created_at)',
      byUser('verifications'),

      create(
        'clients',
        `${id}, ${ofInstance}, last_active_session_id ${text}, sign_in_id ${text}, sign_up_id ${text},
        last_authentication_strategy ${text}, ${times}`,
      ),
      'create index clients_by_created_at on clients (instance_id, created_at, id)',
      create(
        'sessions',
        `${id}, ${ofInstance}, client_id ${text} not null references clients(id) on delete cascade, ${ofUser},
        status ${text} not null, actor ${text}, last_active_organization_id ${text}, last_active_at ${int} not null, latest_activity ${text},
        first_factor_verified_at ${int}, second_factor_verified_at ${int}, expire_at ${int} not null, abandon_at ${int} not null, ${times}`,
      ),
      'create index sessions_by_created_at on sessions (instance_id, created_at, id)',
      'create index sessions_client on sessions (client_id, created_at, id)',
      'create index sessions_user on sessions (user_id, created_at, id)',
      create(
        'jwt_templates',
        `${id}, ${ofInstance}, name ${text} not null, claims ${text} not null, lifetime ${int} not null,
        allowed_clock_skew ${int} not null, custom_signing_key ${int} not null, signing_algorithm ${text} not null, signing_key ${text}, ${times}`,
      ),
      'create unique index jwt_templates_name on jwt_templates (instance_id, name)',

      create(
        'messages',
        `${sequence}, id ${text} not null unique, ${ofInstance}, channel ${text} not null, status ${text} not null, slug ${text}, from_name ${text},
        to_address ${text} not null, subject ${text}, body ${text} not null, data ${text}, user_id ${text}, identification_id ${text},
        attempts ${int} not null, next_attempt_at ${int}, last_error ${text}, delivered_at ${int}, expires_at ${int}, ${times}`,
      ),
      'create index messages_by_created_at on messages (instance_id, created_at, id)',
      "create index messages_due on messages (channel, next_attempt_at, sequence) where status = 'queued'",
      "create index messages_to_recipient on messages (instance_id, channel, to_address, sequence) where status = 'queued'",
      'create index messages_expiring on messages (expires_at) where expires_at is not null',
      create(
        'events',
        `${sequence}, id ${text} not null unique, ${ofInstance}, type ${text} not null, subject_id ${text} not null, payload ${text} not null,
        created_at ${int} not null, delivered_at ${int}`,
      ),
      'create index events_waiting on events (instance_id, sequence) where delivered_at is null',
      create(
        'images',
        `${id}, ${ofInstance}, ${ofUser}, content_type ${text} not null, content ${bytes} not null, created_at ${int} not null`,
      ),
      byUser('images'),

      ...(sqlite ? sqliteSearch : postgresSearch),
    ]
  },
}

const SEARCHED = ['email_addresses', 'phone_numbers', 'username', 'web3_wallets', 'name', 'user_id']

const sqliteSearch = [
  `create table user_search (row_id integer primary key, user_id text not null unique references users(id) on delete cascade, instance_id text not null,
     email_addresses text not null, phone_numbers text not null, username text not null, web3_wallets text not null, name text not null) strict`,
  `create virtual table user_search_index using fts5 (${SEARCHED.join(', ')}, content = 'user_search', content_rowid = 'row_id', tokenize = 'trigram')`,
  `create trigger user_search_inserted after insert on user_search begin
     insert into user_search_index (rowid, ${SEARCHED.join(', ')}) values (new.row_id, ${SEARCHED.map((name) => `new.${name}`).join(', ')});
   end`,
  `create trigger user_search_deleted after delete on user_search begin
     insert into user_search_index (user_search_index, rowid, ${SEARCHED.join(', ')}) values ('delete', old.row_id, ${SEARCHED.map((name) => `old.${name}`).join(', ')});
   end`,
  `create trigger user_search_updated after update on user_search begin
     insert into user_search_index (user_search_index, rowid, ${SEARCHED.join(', ')}) values ('delete', old.row_id, ${SEARCHED.map((name) => `old.${name}`).join(', ')});
     insert into user_search_index (rowid, ${SEARCHED.join(', ')}) values (new.row_id, ${SEARCHED.map((name) => `new.${name}`).join(', ')});
   end`,
]

const postgresSearch = [
  'create extension if not exists pg_trgm',
  `create table user_search (user_id text collate "C" primary key references users(id) on delete cascade, instance_id text collate "C" not null,
     ${SEARCHED.filter((name) => name !== 'user_id')
       .map((name) => `${name} text collate "C" not null`)
       .join(', ')})`,
  ...SEARCHED.map(
    (name) =>
      `create index user_search_${name} on user_search using gin (${name === 'user_id' ? 'lower(user_id)' : name} gin_trgm_ops)`,
  ),
]
