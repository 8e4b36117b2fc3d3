import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { users } from '../user-records/user-records.table.js'
import type { PublicUser } from './organization-records.rules.js'

/** What members of an organization, and those who are invited to it, see of a user. */
export class PublicUserStore {
  readonly #rows: Rows<typeof users>

  constructor(owner: Owner) {
    this.#rows = new Rows(users, owner)
  }

  /** By id; those that no longer exist are left out. */
  async list(ids: readonly string[], tx?: Tx): Promise<Map<string, PublicUser>> {
    if (ids.length === 0) return new Map()
    const rows = await this.#rows
      .select(tx)
      .select(['id', 'first_name', 'last_name', 'username', 'image_id', 'banned'])
      .select((eb) => [
        eb
          .selectFrom('email_addresses')
          .select('email_addresses.email_address')
          .whereRef('email_addresses.id', '=', 'users.primary_email_address_id')
          .as('email_address'),
        eb
          .selectFrom('phone_numbers')
          .select('phone_numbers.phone_number')
          .whereRef('phone_numbers.id', '=', 'users.primary_phone_number_id')
          .as('phone_number'),
        eb
          .selectFrom('web3_wallets')
          .select('web3_wallets.web3_wallet')
          .whereRef('web3_wallets.id', '=', 'users.primary_web3_wallet_id')
          .as('web3_wallet'),
      ])
      .where('id', 'in', ids)
      .execute()
    return new Map(
      rows.map((row) => [
        row.id,
        {
          id: row.id,
          firstName: row.first_name,
          lastName: row.last_name,
          username: row.username,
          imageId: row.image_id,
          banned: row.banned !== 0,
          identifier: row.email_address ?? row.phone_number ?? row.username ?? row.web3_wallet ?? '',
        },
      ]),
    )
  }
}
