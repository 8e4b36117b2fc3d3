import { frozen } from './migration.js'

const indexes = [
  'create index clients_by_updated_at on clients (updated_at, id)',
  'create index sign_ins_by_abandon_at on sign_ins (abandon_at)',
  "create index sign_ups_unfinished on sign_ups (abandon_at) where status = 'missing_requirements'",
]

/** What is past its use is found by its age. */
export const removals = frozen({ name: '0046-removals', additive: true, sqlite: indexes, postgres: indexes })
