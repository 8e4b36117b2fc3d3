import { frozen } from './migration.js'

/** How a code goes to a phone number: by SMS, or in a message of another service. */
export const phoneChannels = frozen({
  name: '0050-phone-channels',
  additive: true,
  sqlite: ['alter table verifications add column channel text', 'alter table messages add column phone_channel text'],
  postgres: [
    'alter table verifications add column channel text collate "C"',
    'alter table messages add column phone_channel text collate "C"',
  ],
})
