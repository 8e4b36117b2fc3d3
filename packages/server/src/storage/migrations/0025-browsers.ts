import { frozen } from './migration.js'

/**
 * What a browser proves itself with: the token in its cookie, which changes, or its token in development; and tokens that are worth
 * something once.
 */
const columns = [
  'alter table clients add column rotating_token text',
  'alter table clients add column previous_rotating_token text',
]
const hash = 'alter table clients add column dev_browser_hash text'
const index = `create unique index clients_dev_browser on clients (instance_id, dev_browser_hash)
  where dev_browser_hash is not null`

const tokenIndexes = [
  'create unique index one_time_tokens_hash on one_time_tokens (instance_id, hash)',
  'create index one_time_tokens_expires_at on one_time_tokens (expires_at)',
]

export const browsers = frozen({
  name: '0025-browsers',
  additive: true,
  sqlite: [
    ...columns,
    'alter table clients add column rotated_at integer',
    hash,
    index,
    `create table one_time_tokens (
      id text primary key,
      instance_id text not null references instances(id) on delete cascade,
      created_at integer not null,
      kind text not null,
      hash text not null,
      payload text not null,
      expires_at integer not null
    ) strict`,
    ...tokenIndexes,
  ],
  postgres: [
    ...columns.map((statement) => `${statement} collate "C"`),
    'alter table clients add column rotated_at bigint',
    `${hash} collate "C"`,
    index,
    `create table one_time_tokens (
      id text collate "C" primary key,
      instance_id text collate "C" not null references instances(id) on delete cascade,
      created_at bigint not null,
      kind text collate "C" not null,
      hash text collate "C" not null,
      payload text collate "C" not null,
      expires_at bigint not null
    )`,
    ...tokenIndexes,
  ],
})
