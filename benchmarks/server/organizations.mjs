import { openForFilling } from '../lib/open-sqlite.mjs'
import pg from 'pg'
import { BIG } from './list-cases.mjs'

/** As many organizations as users, the first with all users as its members. Both databases generate them. */
const statements = (count, { text, pad }) => [
  `insert into organizations (id, instance_id, name, slug, max_allowed_memberships, admin_delete_enabled, public_metadata,
     private_metadata, members_count, search, created_at, updated_at)
   select 'org_' || ${pad}, 'ins_bench', 'Acme ' || ${text}, 'acme-' || ${text}, 0, 1, '{}', '{}',
     case when n = 0 then ${count} else 0 end, 'acme ' || ${text} || ' acme-' || ${text}, 1700000000000 + n, 1700000000000 + n from numbers`,
  `insert into organization_memberships (id, instance_id, organization_id, user_id, role_id, public_metadata, private_metadata,
     starts_active, created_at, updated_at)
   select 'orgmem_' || ${pad}, 'ins_bench', '${BIG}', 'user_' || ${pad},
     (select id from organization_roles where instance_id = 'ins_bench' and key = 'org:member'), '{}', '{}', 0,
     1700000000000 + n, 1700000000000 + n from numbers`,
]

/** @param {string} location of a database that `fillSqlite` has filled with as many users */
export function fillSqliteOrganizations(location, count) {
  const db = openForFilling(location)
  const numbers = `with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n + 1 < ${count})`
  for (const statement of statements(count, { text: 'n', pad: "printf('%027d', n)" })) {
    const [head, rest] = statement.split(/\n(?= *select 'org)/)
    db.exec(`${head} ${numbers} ${rest}`)
  }
  db.exec('pragma wal_checkpoint(truncate)')
  db.close()
}

export async function fillPostgresOrganizations(location, count) {
  const client = new pg.Client({ connectionString: location })
  await client.connect()
  for (const statement of statements(count, { text: 'n::text', pad: "lpad(n::text, 27, '0')" })) {
    await client.query(statement.replace(/from numbers$/, `from generate_series(0, ${count - 1}) n`))
  }
  await client.query('vacuum analyze')
  await client.end()
}
