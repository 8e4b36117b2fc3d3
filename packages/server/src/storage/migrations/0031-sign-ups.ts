import { frozen } from './migration.js'

/** The browser of a sign-up, its verifications, its password's hasher and its ticket. */
export const signUpFlow = frozen({
  name: '0031-sign-ups',
  additive: true,
  sqlite: [
    'alter table sign_ups add column password_hasher text',
    'alter table sign_ups add column client_id text references clients(id) on delete cascade',
    'alter table sign_ups add column email_verification_id text',
    'alter table sign_ups add column phone_verification_id text',
    'alter table sign_ups add column ticket_id text',
    'create index sign_ups_client on sign_ups (client_id, created_at)',
  ],
  postgres: [
    'alter table sign_ups add column password_hasher text collate "C"',
    'alter table sign_ups add column client_id text collate "C" references clients(id) on delete cascade',
    'alter table sign_ups add column email_verification_id text collate "C"',
    'alter table sign_ups add column phone_verification_id text collate "C"',
    'alter table sign_ups add column ticket_id text collate "C"',
    'create index sign_ups_client on sign_ups (client_id, created_at)',
  ],
})
