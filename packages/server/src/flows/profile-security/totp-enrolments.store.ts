import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { totpEnrolments, type TotpEnrolmentRecord } from './totp-enrolments.table.js'

export class TotpEnrolmentStore extends Rows<typeof totpEnrolments> {
  constructor(owner: Owner) {
    super(totpEnrolments, owner)
  }

  /** In place of the one before. */
  async begin(userId: string, secret: string, tx: Tx): Promise<TotpEnrolmentRecord> {
    await this.remove(tx).where('user_id', '=', userId).execute()
    return (await this.create({ userId, secret }, tx))!
  }

  /** Takes the enrolment off the table, once. @returns false if it was taken or replaced before */
  async spend({ id }: TotpEnrolmentRecord, tx: Tx): Promise<boolean> {
    return (await this.remove(tx).where('id', '=', id).returning('id').executeTakeFirst()) !== undefined
  }
}
