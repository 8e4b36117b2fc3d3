import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { phoneNumbers } from './phone-numbers.table.js'

export class PhoneNumberStore extends Rows<typeof phoneNumbers> {
  constructor(owner: Owner) {
    super(phoneNumbers, owner)
  }

  /** Leaves `updated_at` alone: which number is the default follows from the other numbers. */
  async setDefaultSecondFactor(id: string, isDefault: boolean, tx: Tx): Promise<void> {
    await this.change(tx)
      .set({ default_second_factor: isDefault ? 1 : 0 })
      .where('id', '=', id)
      .execute()
  }

  /** Stops using the user's phone numbers as second factors. */
  async releaseSecondFactors(userId: string, now: number, tx: Tx): Promise<void> {
    await this.change(tx)
      .set({ reserved_for_second_factor: 0, default_second_factor: 0, updated_at: now })
      .where('user_id', '=', userId)
      .where((eb) => eb.or([eb('reserved_for_second_factor', '=', 1), eb('default_second_factor', '=', 1)]))
      .execute()
  }
}
