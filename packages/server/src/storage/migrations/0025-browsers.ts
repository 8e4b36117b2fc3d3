import { frozen } from './migration.js'

/** What a browser proves itself with: the token in its cookie, which changes, or its token in development. */
const columns = [
  'alter table clients add column rotating_token text',
  'alter table clients add column previous_rotating_token text',
]
const hash = 'alter table clients add column dev_browser_hash text'
const index = `create unique index clients_dev_browser on clients (instance_id, dev_browser_hash)
  where dev_browser_hash is not null`

export const browsers = frozen({
  name: '0025-browsers',
  additive: true,
  sqlite: [...columns, 'alter table clients add column rotated_at integer', hash, index],
  postgres: [
    ...columns.map((statement) => `${statement} collate "C"`),
    'alter table clients add column rotated_at bigint',
    `${hash} collate "C"`,
    index,
  ],
})
