import { Rows, type Owner } from '../storage/rows.js'
import type { Tx } from '../storage/tx.js'
import { secrets, type SecretRecord } from './instances.table.js'

/** The secret keys of machines. Of each machine one is current; those it replaced are accepted until they expire. */
export class MachineSecretStore extends Rows<typeof secrets> {
  constructor(owner: Owner) {
    super(secrets, owner)
  }

  async current(machineId: string): Promise<SecretRecord | undefined> {
    const row = await this.select()
      .selectAll()
      .where('machine_id', '=', machineId)
      .where('expires_at', 'is', null)
      .executeTakeFirst()
    return row && this.decode(row)
  }

  /** The current one expires then; those it replaced keep their times. */
  async expireCurrent(machineId: string, expiresAt: number, tx: Tx): Promise<void> {
    await this.change(tx)
      .set({ expires_at: expiresAt })
      .where('machine_id', '=', machineId)
      .where('expires_at', 'is', null)
      .execute()
  }

  async removeExpired(machineId: string, now: number, tx: Tx): Promise<void> {
    await this.remove(tx).where('machine_id', '=', machineId).where('expires_at', '<=', now).execute()
  }
}
