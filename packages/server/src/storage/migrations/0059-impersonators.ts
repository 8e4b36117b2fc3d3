import { frozen } from './migration.js'

export const impersonators = frozen({
  name: '0059-impersonators',
  additive: true,
  sqlite: ['alter table audit_entries add column impersonator_id text'],
  postgres: ['alter table audit_entries add column impersonator_id text collate "C"'],
})
