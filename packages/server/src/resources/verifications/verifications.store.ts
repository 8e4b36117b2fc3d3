import { sql } from 'kysely'
import type { Queries } from '../../storage/database.js'
import { InstanceRows } from '../../storage/queries.js'
import { verifications, type VerificationRecord } from '../../storage/tables.js'

export class VerificationStore extends InstanceRows<typeof verifications> {
  constructor(queries: Queries, instanceId: string) {
    super(queries, 'verifications', verifications, instanceId)
  }

  /** Takes the code, once. @returns undefined when it was taken before, failed too often or has expired */
  async spend(id: string, now: number, tx: Queries): Promise<VerificationRecord | undefined> {
    return this.#try(id, now, { status: sql`'verified'` }, tx)
  }

  /** Counts a wrong code. @returns undefined when the verification was at its end before */
  async countFailure(
    id: string,
    maxAttempts: number,
    now: number,
    tx: Queries,
  ): Promise<VerificationRecord | undefined> {
    return this.#try(
      id,
      now,
      { status: sql`case when attempts + 1 >= ${maxAttempts} then 'failed' else status end` },
      tx,
    )
  }

  async countSince(identificationId: string, since: number, tx: Queries): Promise<number> {
    const row = await tx
      .selectFrom('verifications')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('instance_id', '=', this.instanceId)
      .where('identification_id', '=', identificationId)
      .where('created_at', '>', since)
      .executeTakeFirstOrThrow()
    return Number(row.count)
  }

  async deleteOfIdentification(identificationId: string, tx: Queries): Promise<void> {
    await tx
      .deleteFrom('verifications')
      .where('instance_id', '=', this.instanceId)
      .where('identification_id', '=', identificationId)
      .execute()
  }

  async #try(
    id: string,
    now: number,
    { status }: { status: ReturnType<typeof sql> },
    tx: Queries,
  ): Promise<VerificationRecord | undefined> {
    const row = await tx
      .updateTable('verifications')
      .set({ status: status as never, attempts: sql`attempts + 1`, updated_at: now })
      .where('instance_id', '=', this.instanceId)
      .where('id', '=', id)
      .where('status', '=', 'unverified')
      .where('expire_at', '>', now)
      .returningAll()
      .executeTakeFirst()
    return row && this.decode(row)
  }
}
