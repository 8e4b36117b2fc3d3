import type { Database } from '../../storage/database.js'
import { removeInParts } from '../../storage/remove-in-parts.js'
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

/**
 * Removes the sign-ups of all instances that could not go on any more before then, Unix milliseconds. One that has made a
 * user stays as long as the user.
 */
export async function removeUnfinishedSignUps(database: Database, before: number): Promise<void> {
  await removeInParts(database, { table: 'sign_ups', by: 'abandon_at', before, status: 'missing_requirements' })
}
