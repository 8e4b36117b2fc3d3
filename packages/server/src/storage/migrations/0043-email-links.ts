import { frozen } from './migration.js'

/** Links that are sent instead of codes: where they lead, and in which browser they were asked for and opened. */
export const emailLinks = frozen({
  name: '0043-email-links',
  additive: true,
  sqlite: [
    'alter table verifications add column redirect_url text',
    'alter table verifications add column started_at_client text',
    'alter table verifications add column verified_at_client text',
  ],
  postgres: [
    'alter table verifications add column redirect_url text collate "C"',
    'alter table verifications add column started_at_client text collate "C"',
    'alter table verifications add column verified_at_client text collate "C"',
  ],
})
