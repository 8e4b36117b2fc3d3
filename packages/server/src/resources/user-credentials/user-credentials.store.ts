import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { users } from '../user-records/user-records.table.js'

/** Writes to a user's credentials that only one of two callers at once may win. */
export class UserCredentialStore {
  readonly #users: Rows<typeof users>

  constructor(owner: Owner) {
    this.#users = new Rows(users, owner)
  }

  /** Replaces the digest if it is still the one that was checked: a password set in the meantime stays. */
  async replaceDigest(
    userId: string,
    checked: string,
    { digest, hasher }: { digest: string; hasher: string },
    tx: Tx,
  ): Promise<void> {
    await this.#users
      .change(tx)
      .set({ password_digest: digest, password_hasher: hasher })
      .where('id', '=', userId)
      .where('password_digest', '=', checked)
      .execute()
  }
}
