import { frozen } from './migration.js'

/** Addresses and numbers that a mail server or a gateway has refused for good. */
export const suppressedRecipients = frozen({
  name: '0053-suppressed-recipients',
  additive: true,
  sqlite: [
    `create table suppressed_recipients (
      id text primary key,
      instance_id text not null references instances(id) on delete cascade,
      created_at integer not null,
      updated_at integer not null,
      channel text not null,
      address text not null,
      reason text not null,
      expires_at integer not null
    ) strict`,
    'create unique index suppressed_recipients_address on suppressed_recipients (instance_id, channel, address)',
    'create index suppressed_recipients_expiring on suppressed_recipients (expires_at)',
  ],
  postgres: [
    `create table suppressed_recipients (
      id text collate "C" primary key,
      instance_id text collate "C" not null references instances(id) on delete cascade,
      created_at bigint not null,
      updated_at bigint not null,
      channel text collate "C" not null,
      address text collate "C" not null,
      reason text collate "C" not null,
      expires_at bigint not null
    )`,
    'create unique index suppressed_recipients_address on suppressed_recipients (instance_id, channel, address)',
    'create index suppressed_recipients_expiring on suppressed_recipients (expires_at)',
  ],
})
