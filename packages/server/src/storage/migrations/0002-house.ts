import { frozen } from './migration.js'

/**
 * Secret keys become one kind of `secrets`. `kind` keeps no default: an insert that forgets it has to fail, rather than
 * make a secret key. Verifications are dropped, as each is valid for only ten minutes; a user who waits for a code
 * requests another.
 */
export const house = frozen({
  name: '0002-house',
  additive: false,
  sqlite: [
    'alter table secret_keys rename to secrets',
    'drop table verifications',
    `create table verifications (
      id text primary key,
      instance_id text not null references instances(id) on delete cascade,
      created_at integer not null,
      updated_at integer not null,
      subject_kind text not null,
      subject_id text not null,
      user_id text references users(id) on delete cascade,
      identification_id text,
      strategy text not null,
      code_hash text,
      status text not null,
      attempts integer not null,
      expire_at integer not null
    ) strict`,
    `create table audit_entries (
      id text not null,
      instance_id text not null references instances(id) on delete cascade,
      created_at integer not null,
      sequence integer primary key autoincrement,
      actor_kind text not null,
      actor_id text,
      action text not null,
      target_id text not null,
      changed text not null,
      ip_address text,
      user_agent text,
      trace_id text
    ) strict`,
    `create table rate_limits (
      key text primary key,
      count integer not null,
      reset_at integer not null
    ) strict`,
    'create index verifications_subject on verifications (subject_id, created_at)',
    'create index verifications_user on verifications (user_id, created_at)',
    'create index verifications_expiring on verifications (expire_at)',
    'create unique index audit_entries_id on audit_entries (id)',
    'create index audit_entries_by_created_at on audit_entries (instance_id, created_at, sequence)',
    'create index audit_entries_target on audit_entries (instance_id, target_id, sequence)',
    'create index audit_entries_expiring on audit_entries (created_at)',
    'create index rate_limits_expiring on rate_limits (reset_at)',
    `create table secrets_copy (
      id text primary key,
      instance_id text not null references instances(id) on delete cascade,
      created_at integer not null,
      kind text not null,
      name text not null,
      hash text not null,
      last_used_at integer,
      revoked_at integer
    ) strict`,
    "insert into secrets_copy (id, instance_id, created_at, kind, name, hash, last_used_at, revoked_at) select id, instance_id, created_at, 'secret_key', name, hash, last_used_at, revoked_at from secrets",
    'drop table secrets',
    'alter table secrets_copy rename to secrets',
    'create unique index secrets_hash on secrets (hash)',
    'create index secrets_instance on secrets (instance_id, created_at)',
    `create table images_copy (
      id text primary key,
      instance_id text not null references instances(id) on delete cascade,
      created_at integer not null,
      user_id text references users(id) on delete cascade,
      content_type text not null,
      content blob not null
    ) strict`,
    'insert into images_copy (id, instance_id, created_at, user_id, content_type, content) select id, instance_id, created_at, user_id, content_type, content from images',
    'drop table images',
    'alter table images_copy rename to images',
    'create index images_user on images (user_id, created_at)',
    'alter table events add column cause text',
  ],
  postgres: [
    'alter table secret_keys rename to secrets',
    'drop table verifications',
    `create table verifications (
      id text collate "C" primary key,
      instance_id text collate "C" not null references instances(id) on delete cascade,
      created_at bigint not null,
      updated_at bigint not null,
      subject_kind text collate "C" not null,
      subject_id text collate "C" not null,
      user_id text collate "C" references users(id) on delete cascade,
      identification_id text collate "C",
      strategy text collate "C" not null,
      code_hash text collate "C",
      status text collate "C" not null,
      attempts bigint not null,
      expire_at bigint not null
    )`,
    `create table audit_entries (
      id text collate "C" not null,
      instance_id text collate "C" not null references instances(id) on delete cascade,
      created_at bigint not null,
      sequence bigint generated always as identity primary key,
      actor_kind text collate "C" not null,
      actor_id text collate "C",
      action text collate "C" not null,
      target_id text collate "C" not null,
      changed text collate "C" not null,
      ip_address text collate "C",
      user_agent text collate "C",
      trace_id text collate "C"
    )`,
    `create table rate_limits (
      key text collate "C" primary key,
      count bigint not null,
      reset_at bigint not null
    )`,
    'create index verifications_subject on verifications (subject_id, created_at)',
    'create index verifications_user on verifications (user_id, created_at)',
    'create index verifications_expiring on verifications (expire_at)',
    'create unique index audit_entries_id on audit_entries (id)',
    'create index audit_entries_by_created_at on audit_entries (instance_id, created_at, sequence)',
    'create index audit_entries_target on audit_entries (instance_id, target_id, sequence)',
    'create index audit_entries_expiring on audit_entries (created_at)',
    'create index rate_limits_expiring on rate_limits (reset_at)',
    'alter index secret_keys_instance rename to secrets_instance',
    'alter table secrets rename constraint secret_keys_pkey to secrets_pkey',
    'alter table secrets rename constraint secret_keys_hash_key to secrets_hash',
    'alter table secrets rename constraint secret_keys_instance_id_fkey to secrets_instance_id_fkey',
    `alter table secrets add column kind text collate "C" not null default 'secret_key'`,
    'alter table secrets alter column kind drop default',
    'alter table images alter column user_id drop not null',
    'alter table events add column cause text collate "C"',
  ],
})
