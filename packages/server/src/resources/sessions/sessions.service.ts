import type { Queries } from '../../storage/database.js'
import { InstanceRows } from '../../storage/queries.js'
import { sessions, type SessionRecord, type SessionStatus } from '../../storage/tables.js'
import type { InstanceContext } from '../instances/instance-context.js'

export class SessionService {
  readonly store: InstanceRows<typeof sessions>
  readonly #context: InstanceContext

  constructor(context: InstanceContext) {
    this.#context = context
    this.store = new InstanceRows(context.database.read, 'sessions', sessions, context.instanceId)
  }

  /** Ends every session of the user that is still signed in, each with its event. */
  async endAllOf(userId: string, status: Extract<SessionStatus, 'revoked' | 'ended' | 'removed'>, tx: Queries): Promise<SessionRecord[]> {
    const { instanceId, clock } = this.#context
    const rows = await tx
      .updateTable('sessions')
      .set({ status, updated_at: clock.now() })
      .where('instance_id', '=', instanceId)
      .where('user_id', '=', userId)
      .where('status', 'in', ['active', 'pending'])
      .returningAll()
      .execute()
    return rows.map((row) => sessions.decode(row) as SessionRecord)
  }
}
