// Fills a database with users as the server itself would write them, but in large transactions.
import { openForFilling } from '../lib/open-sqlite.mjs'

const FIRST = ['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Donald', 'Radia', 'Ken', 'Margaret', 'Dennis']
const LAST = [
  'Lovelace',
  'Hopper',
  'Turing',
  'Dijkstra',
  'Liskov',
  'Knuth',
  'Perlman',
  'Thompson',
  'Hamilton',
  'Ritchie',
]
const EPOCH = 1_700_000_000_000

/** The n-th user. Every tenth word repeats, half of the addresses are at example.com, and `needle<n>` is unique. */
export function userAt(n) {
  const id = `user_${String(n).padStart(27, '0')}`
  const firstName = FIRST[n % 10]
  const lastName = `${LAST[Math.floor(n / 10) % 10]}${Math.floor(n / 100)}`
  const domain = n % 2 === 0 ? 'example.com' : `mail${n % 997}.test`
  return {
    id,
    emailId: `idn_${String(n).padStart(27, '0')}`,
    firstName,
    lastName,
    email: `${firstName}.needle${n}x@${domain}`.toLowerCase(),
    createdAt: EPOCH + n,
  }
}

/** @param {string} location a SQLite database with a current schema */
export function fillSqlite(location, instanceId, count) {
  const db = openForFilling(location)
  const user =
    db.prepare(`insert into users (id, instance_id, first_name, last_name, primary_email_address_id, primary_email_address, password_compromised,
    public_metadata, private_metadata, unsafe_metadata, banned, locked, failed_attempts, delete_self_enabled, create_organization_enabled, bypass_client_trust, created_at, updated_at)
    values (?, ?, ?, ?, ?, ?, 0, '{}', '{}', '{}', 0, 0, 0, 1, 1, 0, ?, ?)`)
  const email =
    db.prepare(`insert into email_addresses (id, instance_id, user_id, email_address, canonical, claimed, reserved, verification_status, verification_strategy, linked_to, created_at, updated_at)
    values (?, ?, ?, ?, ?, 1, 0, 'verified', 'admin', '[]', ?, ?)`)
  const search = db.prepare(
    `insert into user_search (user_id, instance_id, email_addresses, phone_numbers, username, web3_wallets, name) values (?, ?, ?, '', '', '', ?)`,
  )
  for (let start = 0; start < count; start += 10_000) {
    db.exec('begin')
    for (let n = start; n < Math.min(count, start + 10_000); n++) {
      const u = userAt(n)
      user.run(u.id, instanceId, u.firstName, u.lastName, u.emailId, u.email, u.createdAt, u.createdAt)
      email.run(u.emailId, instanceId, u.id, u.email, u.email, u.createdAt, u.createdAt)
      search.run(u.id, instanceId, u.email, `${u.firstName} ${u.lastName}`.toLowerCase())
    }
    db.exec('commit')
  }
  db.exec('pragma optimize')
  db.exec('pragma wal_checkpoint(truncate)')
  db.close()
}
