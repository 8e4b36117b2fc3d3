import { sql } from 'kysely'
import { compiled, runCompiled } from '../../storage/compiled.js'
import type { Dialect } from '../../storage/database.js'
import { Rows, type Changes, type Owner } from '../../storage/rows.js'
import type { Table } from '../../storage/table.js'
import type { Tx } from '../../storage/tx.js'
import { jsonArray, jsonRows, valuesOf, wholeRow } from '../../storage/whole-row.js'
import { emailAddresses } from '../email-addresses/email-addresses.table.js'
import { externalAccounts } from '../external-accounts/external-accounts.table.js'
import { passkeys } from '../passkeys/passkeys.table.js'
import { phoneNumbers } from '../phone-numbers/phone-numbers.table.js'
import { web3Wallets } from '../web3-wallets/web3-wallets.table.js'
import { primaryIdentifiersOf, searchedTextOf, type User } from './user-records.rules.js'
import { users, userSearch } from './user-records.table.js'

/** The tables whose rows a user's JSON contains. */
const parts: readonly { name: string; table: Table }[] = [
  { name: 'emailAddresses', table: emailAddresses },
  { name: 'phoneNumbers', table: phoneNumbers },
  { name: 'web3Wallets', table: web3Wallets },
  { name: 'externalAccounts', table: externalAccounts },
  { name: 'passkeys', table: passkeys },
]

export class UserRecordStore extends Rows<typeof users> {
  constructor(owner: Owner) {
    super(users, owner)
  }

  async findUser(id: string, tx?: Tx): Promise<User | undefined> {
    const { database, instanceId } = this.owner
    const build = () => this.select().select(userColumn[database.dialect]).where('id', '=', id)
    const query = compiled(database, 'user by id', build, [instanceId, id])
    const [row] = await runCompiled(query, database, tx)
    return row && toUser(row)
  }

  /**
   * Changes the row, and reads the user with its identifiers in the same statement.
   *
   * @returns undefined when another user has the username or the external id
   * @throws {ApiError} 404 `resource_not_found`
   */
  async changeUser(id: string, changes: Changes<typeof users>, tx: Tx): Promise<User | undefined> {
    // A statement that waits for the row would read the identifiers as they were before it waited.
    await this.lock(id, tx)
    const column = userColumn[this.owner.database.dialect]
    const row = await this.changeRow(id, changes, tx, { key: 'user', select: (query) => query.returning(column) })
    return row && toUser(row)
  }

  /** Leaves `updated_at` alone. */
  async changeQuietly(id: string, changes: Changes<typeof users>, tx: Tx): Promise<void> {
    await this.change(tx).set(users.encode(changes)).where('id', '=', id).execute()
  }

  /** Whether another user has the username. */
  async isUsernameTaken(usernameCanonical: string, exceptId: string, tx?: Tx): Promise<boolean> {
    const other = await this.select(tx)
      .select('id')
      .where('username_canonical', '=', usernameCanonical)
      .where('id', '!=', exceptId)
      .executeTakeFirst()
    return other !== undefined
  }

  /** Whether any instance of the server has a user with this id. */
  async isIdTaken(id: string, tx: Tx): Promise<boolean> {
    const other = await tx.queries.selectFrom('users').select('id').where('id', '=', id).executeTakeFirst()
    return other !== undefined
  }

  /** Writes the canonical forms of the primary identifiers where they have changed. */
  async writePrimaryIdentifiers(user: User, tx: Tx): Promise<void> {
    const primary = primaryIdentifiersOf(user)
    const isWritten = (Object.keys(primary) as (keyof typeof primary)[]).every((name) => primary[name] === user[name])
    if (isWritten) return
    await this.change(tx).set(users.encode(primary)).where('id', '=', user.id).execute()
    Object.assign(user, primary)
  }

  /** Writes the texts that searches read. A row that stays the same is not written, which saves work on its index. */
  async writeSearch(user: User, tx: Tx): Promise<void> {
    const row = userSearch.toRow({ userId: user.id, instanceId: user.instanceId, ...searchedTextOf(user) })
    const build = () => {
      const texts = Object.keys(row).filter((name) => name !== 'user_id' && name !== 'instance_id')
      const excluded = (name: string) => sql.ref(`excluded.${name}`)
      const differs = texts.map((name) => sql`${sql.ref(`user_search.${name}`)} <> ${excluded(name)}`)
      return tx.queries
        .insertInto('user_search')
        .values(row)
        .onConflict((conflict) =>
          conflict
            .column('user_id')
            .doUpdateSet(Object.fromEntries(texts.map((name) => [name, excluded(name)])))
            .where(sql<boolean>`(${sql.join(differs, sql` or `)})`),
        )
    }
    const { database } = this.owner
    await runCompiled(compiled(database, 'write search', build, Object.values(row)), database, tx)
  }
}

export function toUser({ user: value }: Record<string, unknown>): User {
  const values = valuesOf(value)
  const user = users.decodeValues(values) as Record<string, unknown>
  for (const [index, { name, table }] of parts.entries()) {
    const rows = values[users.names.length + index] as unknown[][]
    user[name] = rows.map((row) => table.decodeValues(row))
  }
  return user as unknown as User
}

/** What a query selects of users, for `toUser`: each whole, with its identifiers. */
export const userColumn = { sqlite: columnFor('sqlite'), postgres: columnFor('postgres') }

function columnFor(dialect: Dialect) {
  const identifiers = parts.map(({ table }) => rowsOf(dialect, table))
  return wholeRow(dialect, users, identifiers).as('user')
}

/** The rows of a table that belong to the user, oldest first, as a JSON array of arrays. */
function rowsOf(dialect: Dialect, { name: table, names }: Table): string {
  const rows = `select * from ${table} where user_id = users.id order by created_at, id`
  const values = names.map((name) => `part.${name}`)
  return jsonRows(dialect, jsonArray(dialect, values), `from (${rows}) part`)
}
