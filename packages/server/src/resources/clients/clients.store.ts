import type { PageRequest } from '../../http/pagination.js'
import type { Queries } from '../../storage/database.js'
import { InstanceRows } from '../../storage/queries.js'
import { clients, type ClientRecord } from '../../storage/tables.js'

export class ClientStore extends InstanceRows<typeof clients> {
  constructor(queries: Queries, instanceId: string) {
    super(queries, 'clients', clients, instanceId)
  }

  /** Newest first. */
  async list({ limit, offset }: PageRequest): Promise<ClientRecord[]> {
    const rows = await this.queries
      .selectFrom('clients')
      .selectAll()
      .where('instance_id', '=', this.instanceId)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .offset(offset)
      .execute()
    return rows.map((row) => this.decode(row))
  }

  async count(): Promise<number> {
    const row = await this.queries
      .selectFrom('clients')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('instance_id', '=', this.instanceId)
      .executeTakeFirstOrThrow()
    return Number(row.count)
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
