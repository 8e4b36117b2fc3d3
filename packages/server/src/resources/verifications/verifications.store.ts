import { sql, type Expression } from 'kysely'
import type { Database } from '../../storage/database.js'
import { removeInParts } from '../../storage/remove-in-parts.js'
import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { verifications, type VerificationRecord, type VerificationStatus } from './verifications.table.js'

export class VerificationStore extends Rows<typeof verifications> {
  constructor(owner: Owner) {
    super(verifications, owner)
  }

  /** Accepts the code, once. @returns undefined if it was accepted before, failed too often or has expired */
  async spend(id: string, now: number, tx: Tx): Promise<VerificationRecord | undefined> {
    return this.#try(id, now, sql`'verified'`, tx)
  }

  /** Counts a wrong code. @returns undefined if the verification had ended before */
  async countFailure(id: string, maxAttempts: number, now: number, tx: Tx): Promise<VerificationRecord | undefined> {
    return this.#try(id, now, sql`case when attempts + 1 >= ${maxAttempts} then 'failed' else status end`, tx)
  }

  async findNewest(
    subjectId: string,
    strategy: string,
    tx: Tx | undefined,
    identificationId?: string,
  ): Promise<VerificationRecord | undefined> {
    const row = await this.select(tx)
      .selectAll()
      .where('subject_id', '=', subjectId)
      .where('strategy', '=', strategy)
      .$if(identificationId !== undefined, (query) => query.where('identification_id', '=', identificationId!))
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row && this.decode(row)
  }

  /** Ends those under way of a subject: what was sent for them proves nothing any more. @returns their ids */
  async replace(subjectId: string, strategy: string, now: number, tx: Tx): Promise<string[]> {
    const ended = await this.change(tx)
      .set({ status: 'expired', updated_at: now })
      .where('subject_id', '=', subjectId)
      .where('strategy', '=', strategy)
      .where('status', '=', 'unverified')
      .returning('id')
      .execute()
    return ended.map(({ id }) => id)
  }

  async deleteOf(subjectId: string, tx: Tx): Promise<void> {
    await this.remove(tx).where('subject_id', '=', subjectId).execute()
  }

  async #try(
    id: string,
    now: number,
    status: Expression<VerificationStatus>,
    tx: Tx,
  ): Promise<VerificationRecord | undefined> {
    const row = await this.change(tx)
      .set({ status, attempts: sql`attempts + 1`, updated_at: now })
      .where('id', '=', id)
      .where('status', '=', 'unverified')
      .where('expire_at', '>', now)
      .returningAll()
      .executeTakeFirst()
    return row && this.decode(row)
  }
}

/** Removes the verifications of all instances that expired before then, Unix milliseconds. */
export async function removeOldVerifications(database: Database, before: number): Promise<void> {
  await removeInParts(database, { table: 'verifications', by: 'expire_at', before })
}
