import { rowsOfInstance, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'

type Column = 'email_addresses' | 'phone_numbers'

/** Finds users by what they are identified by. */
export class AgentTaskSubjects {
  constructor(private readonly owner: Owner) {}

  /** The user who has verified the identifier, or has the username. */
  async findUserId(
    forms: { emailAddress: string | null; phoneNumber: string | null; username: string },
    tx: Tx,
  ): Promise<string | undefined> {
    if (forms.emailAddress !== null) return this.#verified('email_addresses', forms.emailAddress, tx)
    if (forms.phoneNumber !== null) return this.#verified('phone_numbers', forms.phoneNumber, tx)
    const user = await rowsOfInstance('users', this.owner, tx)
      .select('id')
      .where('username_canonical', '=', forms.username)
      .executeTakeFirst()
    return user?.id
  }

  async #verified(table: Column, canonical: string, tx: Tx): Promise<string | undefined> {
    const row = await rowsOfInstance(table, this.owner, tx)
      .select('user_id')
      .where('canonical', '=', canonical)
      .where('claimed', '=', 1)
      .where('verification_status', '=', 'verified')
      .executeTakeFirst()
    return row?.user_id
  }
}
