import { sql, type CompiledQuery } from 'kysely'
import { searchText } from '../../identifiers/index.js'
import type { Database, Dialect, Queries } from '../../storage/database.js'
import { InstanceRows } from '../../storage/queries.js'
import type { Table } from '../../storage/table.js'
import {
  emailAddresses,
  externalAccounts,
  passkeys,
  phoneNumbers,
  users,
  web3Wallets,
  type UserSearchRow,
} from '../../storage/tables.js'
import type { User } from './user.js'

/** Slots of the user count: on PostgreSQL transactions that create users at once each find one of their own, most often. */
const COUNT_SLOTS = 16

/** The tables whose rows are shown with a user. */
const parts = [
  { name: 'emailAddresses', from: 'email_addresses', table: emailAddresses },
  { name: 'phoneNumbers', from: 'phone_numbers', table: phoneNumbers },
  { name: 'web3Wallets', from: 'web3_wallets', table: web3Wallets },
  { name: 'externalAccounts', from: 'external_accounts', table: externalAccounts },
  { name: 'passkeys', from: 'passkeys', table: passkeys },
]

export class UserStore extends InstanceRows<typeof users> {
  readonly #database: Database
  /** Compiled once: reading a user is what a server does most. */
  #findUser: CompiledQuery | undefined

  constructor(database: Database, instanceId: string) {
    super(database.read, 'users', users, instanceId)
    this.#database = database
  }

  async findUser(id: string, tx?: Queries): Promise<User | undefined> {
    this.#findUser ??= userRows(this.#database.dialect, this.queries)
      .where('instance_id', '=', this.instanceId)
      .where('id', '=', id)
      .compile()
    const query = { ...this.#findUser, parameters: [this.instanceId, id] }
    const [row] = tx
      ? (await tx.executeQuery<Record<string, unknown>>(query as CompiledQuery<Record<string, unknown>>)).rows
      : await this.#database.rows(query)
    return row && toUser(row)
  }

  /** Creating and deleting keep the instance's count of users. */
  async changeCount(change: 1 | -1, tx: Queries): Promise<void> {
    const slot = this.#database.dialect === 'postgres' ? Math.floor(Math.random() * COUNT_SLOTS) : 0
    await tx
      .insertInto('user_counts')
      .values({ instance_id: this.instanceId, slot, count: change })
      .onConflict((conflict) =>
        conflict.columns(['instance_id', 'slot']).doUpdateSet({ count: sql`user_counts.count + ${change}` }),
      )
      .execute()
  }

  /**
   * Writes what is derived from a user's names and identifiers: the text that searches look into and the primary
   * identifiers that lists sort by. To be called in every transaction that changes one of these.
   */
  async refreshDerived(user: User, tx: Queries): Promise<void> {
    const sorted = {
      primary_email_address: user.emailAddresses.find(({ id }) => id === user.primaryEmailAddressId)?.canonical ?? null,
      primary_phone_number: user.phoneNumbers.find(({ id }) => id === user.primaryPhoneNumberId)?.canonical ?? null,
      primary_web3_wallet: user.web3Wallets.find(({ id }) => id === user.primaryWeb3WalletId)?.canonical ?? null,
    }
    if (
      sorted.primary_email_address !== user.primaryEmailAddress ||
      sorted.primary_phone_number !== user.primaryPhoneNumber ||
      sorted.primary_web3_wallet !== user.primaryWeb3Wallet
    ) {
      await tx
        .updateTable('users')
        .set(sorted)
        .where('instance_id', '=', this.instanceId)
        .where('id', '=', user.id)
        .execute()
    }
    const row: UserSearchRow = {
      user_id: user.id,
      instance_id: this.instanceId,
      email_addresses: searchText(...user.emailAddresses.map(({ emailAddress }) => emailAddress)),
      phone_numbers: searchText(...user.phoneNumbers.map(({ phoneNumber }) => phoneNumber)),
      username: searchText(user.username),
      web3_wallets: searchText(...user.web3Wallets.map(({ web3Wallet }) => web3Wallet)),
      name: searchText(user.firstName, user.lastName),
    }
    const { user_id: _, instance_id: __, ...searched } = row
    await tx
      .insertInto('user_search')
      .values(row)
      .onConflict((conflict) => conflict.column('user_id').doUpdateSet(searched))
      .execute()
  }
}

/**
 * A query for users as `toUser` takes them: each with its identifiers, in one statement. A row has one column, a JSON
 * array of the values: handing over fifty columns one by one takes longer than finding them.
 */
export function userRows(dialect: Dialect, queries: Queries) {
  return queries.selectFrom('users').select(userColumn[dialect])
}

export function toUser({ user: value }: Record<string, unknown>): User {
  const values = (typeof value === 'string' ? JSON.parse(value) : value) as unknown[]
  const user = users.decodeValues(values) as Record<string, unknown>
  for (const [index, { name, table }] of parts.entries()) {
    const rows = values[users.names.length + index] as unknown[][]
    user[name] = rows.map((row) => (table as Table).decodeValues(row))
  }
  return user as unknown as User
}

const userColumn = { sqlite: columnFor('sqlite'), postgres: columnFor('postgres') }

function columnFor(dialect: Dialect) {
  const values = [
    ...users.names.map((name) => `users.${name}`),
    ...parts.map(({ from, table }) => rowsOf(dialect, from, table as Table)),
  ]
  return sql
    .raw<unknown>(`${dialect === 'sqlite' ? 'json_array' : 'json_build_array'}(${values.join(', ')})`)
    .as('user')
}

/** The rows of a table that belong to the user, oldest first, as a JSON array of arrays. */
function rowsOf(dialect: Dialect, table: string, { names }: Table): string {
  const rows = `select * from ${table} where user_id = users.id order by created_at, id`
  // SQLite forgets on the way out of the parentheses that the text is JSON.
  return dialect === 'sqlite'
    ? `json((select json_group_array(json_array(${names.join(', ')})) from (${rows})))`
    : `(select coalesce(json_agg(json_build_array(${names.map((name) => `part.${name}`).join(', ')})), '[]') from (${rows}) part)`
}
