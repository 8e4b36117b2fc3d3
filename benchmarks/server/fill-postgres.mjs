import pg from 'pg'

/** The same users as `fillSqlite`, made by the database itself. */
export async function fillPostgres(location, instanceId, count) {
  const client = new pg.Client({ connectionString: location })
  await client.connect()
  const numbered = `generate_series(0, ${Number(count) - 1}) n,
    lateral (select lpad(n::text, 27, '0') as padded, 1700000000000 + n as created_at,
      (array['Ada','Grace','Alan','Edsger','Barbara','Donald','Radia','Ken','Margaret','Dennis'])[n % 10 + 1] as first_name,
      (array['Lovelace','Hopper','Turing','Dijkstra','Liskov','Knuth','Perlman','Thompson','Hamilton','Ritchie'])[(n / 10) % 10 + 1] || (n / 100) as last_name,
      case when n % 2 = 0 then 'example.com' else 'mail' || (n % 997) || '.test' end as domain) u,
    lateral (select lower(u.first_name || '.needle' || n || 'x@' || u.domain) as email) e`
  await client.query(
    `insert into users (id, instance_id, first_name, last_name, primary_email_address_id, primary_email_address, password_compromised, public_metadata,
       private_metadata, unsafe_metadata, banned, locked, failed_attempts, delete_self_enabled, create_organization_enabled, bypass_client_trust, created_at, updated_at)
     select 'user_' || u.padded, $1, u.first_name, u.last_name, 'idn_' || u.padded, e.email, 0, '{}', '{}', '{}', 0, 0, 0, 1, 1, 0, u.created_at, u.created_at from ${numbered}`,
    [instanceId],
  )
  await client.query(
    `insert into email_addresses (id, instance_id, user_id, email_address, canonical, claimed, reserved, verification_status, verification_strategy, linked_to, created_at, updated_at)
     select 'idn_' || u.padded, $1, 'user_' || u.padded, e.email, e.email, 1, 0, 'verified', 'admin', '[]', u.created_at, u.created_at from ${numbered}`,
    [instanceId],
  )
  await client.query(
    `insert into user_search (user_id, instance_id, email_addresses, phone_numbers, username, web3_wallets, name)
     select 'user_' || u.padded, $1, e.email, '', '', '', lower(u.first_name || ' ' || u.last_name) from ${numbered}`,
    [instanceId],
  )
  await client.query('insert into user_counts (instance_id, slot, count) values ($1, 0, $2)', [instanceId, count])
  // As autovacuum does sooner or later: until then the search index has a list of what is not merged into it yet.
  await client.query('vacuum analyze')
  await client.end()
}
