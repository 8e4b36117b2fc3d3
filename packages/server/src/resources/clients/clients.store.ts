import type { Queries } from '../../storage/database.js'
import { InstanceRows } from '../../storage/queries.js'
import { clients } from '../../storage/tables.js'

export class ClientStore extends InstanceRows<typeof clients> {
  constructor(queries: Queries, instanceId: string) {
    super(queries, 'clients', clients, instanceId)
  }

  async forgetActiveSession(clientId: string, sessionId: string, now: number, tx: Queries): Promise<void> {
    await tx
      .updateTable('clients')
      .set({ last_active_session_id: null, updated_at: now })
      .where('instance_id', '=', this.instanceId)
      .where('id', '=', clientId)
      .where('last_active_session_id', '=', sessionId)
      .execute()
  }
}
