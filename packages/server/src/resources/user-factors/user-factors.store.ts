import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { users } from '../user-records/user-records.table.js'

/** Writes to a user's second factors that only one of two callers at once may win. */
export class UserFactorStore {
  readonly #users: Rows<typeof users>

  constructor(owner: Owner) {
    this.#users = new Rows(users, owner)
  }

  /**
   * Accepts the code of a time step, once.
   *
   * @param secret as it is stored: codes of a secret that was replaced in the meantime are no longer valid
   * @returns false if this step or a later one was accepted before
   */
  async spendTotpStep(userId: string, secret: string, step: number, tx: Tx): Promise<boolean> {
    const spent = await this.#users
      .change(tx)
      .set({ totp_used_step: step })
      .where('id', '=', userId)
      .where('totp_secret', '=', secret)
      .where((eb) => eb.or([eb('totp_used_step', 'is', null), eb('totp_used_step', '<', step)]))
      .returning('id')
      .executeTakeFirst()
    return spent !== undefined
  }
}
