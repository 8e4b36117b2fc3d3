import { frozen } from './migration.js'

/** The invitation with which somebody signs in, which is accepted at the end. */
export const signInInvitations = frozen({
  name: '0045-sign-in-invitations',
  additive: true,
  sqlite: ['alter table sign_ins add column invitation_id text'],
  postgres: ['alter table sign_ins add column invitation_id text collate "C"'],
})
