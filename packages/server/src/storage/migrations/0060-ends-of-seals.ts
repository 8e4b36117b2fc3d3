import { frozen } from './migration.js'

export const endsOfSeals = frozen({
  name: '0060-ends-of-seals',
  additive: true,
  sqlite: ['alter table signing_keys add column seals_until integer'],
  postgres: ['alter table signing_keys add column seals_until bigint'],
})
