import { frozen } from './migration.js'

/** Until when a message is claimed, by the database's clock: those of two nodes may differ by more than a lease. */
export const messageLeases = frozen({
  name: '0058-message-leases',
  additive: true,
  sqlite: ['alter table messages add column leased_until integer'],
  postgres: ['alter table messages add column leased_until bigint'],
})
