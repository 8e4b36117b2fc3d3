import { frozen } from './migration.js'

/** Which instances have an application for their webhooks, and mail that an application writes itself. */
export const webhookApplications = frozen({
  name: '0047-webhook-applications',
  additive: true,
  sqlite: [
    `create table webhook_applications (
      id text primary key,
      instance_id text not null references instances(id) on delete cascade,
      created_at integer not null
    ) strict`,
    'create unique index webhook_applications_instance on webhook_applications (instance_id)',
    `insert into webhook_applications (id, instance_id, created_at)
      select 'whapp_' || instance_id, instance_id, min(created_at) from webhook_endpoints group by instance_id`,
    'alter table messages add column letter text',
    'alter table messages add column idempotency_key text',
    'alter table messages add column request_digest text',
    'create unique index messages_idempotency on messages (instance_id, idempotency_key) where idempotency_key is not null',
  ],
  postgres: [
    `create table webhook_applications (
      id text collate "C" primary key,
      instance_id text collate "C" not null references instances(id) on delete cascade,
      created_at bigint not null
    )`,
    'create unique index webhook_applications_instance on webhook_applications (instance_id)',
    `insert into webhook_applications (id, instance_id, created_at)
      select 'whapp_' || instance_id, instance_id, min(created_at) from webhook_endpoints group by instance_id`,
    'alter table messages add column letter text collate "C"',
    'alter table messages add column idempotency_key text collate "C"',
    'alter table messages add column request_digest text collate "C"',
    'create unique index messages_idempotency on messages (instance_id, idempotency_key) where idempotency_key is not null',
  ],
})
