import { Rows, type Changes, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { signUps, type SignUpRecord } from './sign-ups.table.js'

export class SignUpStore extends Rows<typeof signUps> {
  constructor(owner: Owner) {
    super(signUps, owner)
  }

  /** @returns undefined if it is complete or abandoned, or does not exist */
  async updateUnfinished(id: string, changes: Changes<typeof signUps>, tx: Tx): Promise<SignUpRecord | undefined> {
    const now = this.owner.clock.now()
    const row = await this.change(tx)
      .set(this.table.encode({ ...changes, updatedAt: now }))
      .where('id', '=', id)
      .where('status', '=', 'missing_requirements')
      .where('abandon_at', '>', now)
      .returningAll()
      .executeTakeFirst()
    return row && this.decode(row)
  }
}
