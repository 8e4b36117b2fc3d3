import { frozen } from './migration.js'

/**
 * Who asked for a link in a mail, for the page that it opens in another browser; and which request has changed a
 * browser's cookie, since only that one may have the new one.
 */
export const linkAskers = frozen({
  name: '0056-link-askers',
  additive: true,
  sqlite: [
    'alter table verifications add column started_user_agent text',
    'alter table verifications add column started_ip_address text',
    'alter table clients add column rotated_by text',
  ],
  postgres: [
    'alter table verifications add column started_user_agent text collate "C"',
    'alter table verifications add column started_ip_address text collate "C"',
    'alter table clients add column rotated_by text collate "C"',
  ],
})
