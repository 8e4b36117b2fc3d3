import { rowsOfInstance, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'

/** What is asked of users before one is invited. */
export class InvitedAddresses {
  constructor(private readonly owner: Owner) {}

  /** Whether a user has verified or reserved the address. */
  async isTaken(canonical: string, tx?: Tx): Promise<boolean> {
    const row = await rowsOfInstance('email_addresses', this.owner, tx)
      .select('id')
      .where('canonical', '=', canonical)
      .where('claimed', '=', 1)
      .executeTakeFirst()
    return row !== undefined
  }
}
