import { frozen } from './migration.js'

/** Events about what is deleted are emptied, and found by their family; keys of whoever runs the server. */
export const operatorKeys = frozen({
  name: '0054-operator-keys',
  additive: true,
  sqlite: [
    `create table operator_keys (
      id text primary key,
      name text not null,
      hash text not null,
      created_at integer not null,
      revoked_at integer
    ) strict`,
    'create unique index operator_keys_hash on operator_keys (hash)',
    'alter table events add column erasure text',
    'create index events_line on events (line_key)',
    "create index events_erasing on events (sequence) where erasure = 'due'",
  ],
  postgres: [
    `create table operator_keys (
      id text collate "C" primary key,
      name text collate "C" not null,
      hash text collate "C" not null,
      created_at bigint not null,
      revoked_at bigint
    )`,
    'create unique index operator_keys_hash on operator_keys (hash)',
    'alter table events add column erasure text collate "C"',
    'create index events_line on events (line_key)',
    "create index events_erasing on events (sequence) where erasure = 'due'",
  ],
})
