import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { sessionReverifications } from './session-reverifications.table.js'

export class SessionReverificationStore extends Rows<typeof sessionReverifications> {
  constructor(owner: Owner) {
    super(sessionReverifications, owner)
  }

  async deleteOf(sessionId: string, tx: Tx): Promise<void> {
    await this.remove(tx).where('session_id', '=', sessionId).execute()
  }
}
