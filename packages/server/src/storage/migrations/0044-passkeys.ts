import { frozen } from './migration.js'

/** What a browser is asked to sign with a passkey, or to make one for. */
export const passkeyChallenges = frozen({
  name: '0044-passkeys',
  additive: true,
  sqlite: ['alter table verifications add column nonce text'],
  postgres: ['alter table verifications add column nonce text collate "C"'],
})
