import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { clients } from './client-records.table.js'

export class ClientRecordStore extends Rows<typeof clients> {
  constructor(owner: Owner) {
    super(clients, owner)
  }

  async forgetActiveSession(clientId: string, sessionId: string, now: number, tx: Tx): Promise<void> {
    await this.change(tx)
      .set({ last_active_session_id: null, updated_at: now })
      .where('id', '=', clientId)
      .where('last_active_session_id', '=', sessionId)
      .execute()
  }
}
