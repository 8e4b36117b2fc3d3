import { frozen } from './migration.js'

/** The text part and the language of messages, what spends a code, notices that were sent already; switched-off ones. */
export const writtenMessages = frozen({
  name: '0052-messages',
  additive: true,
  sqlite: [
    'alter table messages add column sender_name text',
    'alter table messages add column body_plain text',
    'alter table messages add column language text',
    'alter table messages add column code_for text',
    'alter table messages add column collapse_key text',
    'create index messages_with_codes on messages (instance_id, code_for) where code_for is not null',
    'create unique index messages_collapsed on messages (collapse_key) where collapse_key is not null',
    'create index events_with_code_of on events (subject_id) where expires_at > 0',
    'alter table templates add column disabled_at integer',
  ],
  postgres: [
    'alter table messages add column sender_name text collate "C"',
    'alter table messages add column body_plain text collate "C"',
    'alter table messages add column language text collate "C"',
    'alter table messages add column code_for text collate "C"',
    'alter table messages add column collapse_key text collate "C"',
    'create index messages_with_codes on messages (instance_id, code_for) where code_for is not null',
    'create unique index messages_collapsed on messages (collapse_key) where collapse_key is not null',
    'create index events_with_code_of on events (subject_id) where expires_at > 0',
    'alter table templates add column disabled_at bigint',
  ],
})
