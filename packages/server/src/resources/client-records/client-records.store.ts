import type { Database } from '../../storage/database.js'
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

const AT_ONCE = 500

/**
 * Removes the browsers of all instances that changed last before then, Unix milliseconds, and in which nobody has had a
 * session, nor begun anything that is still kept. Most old browsers have sessions: it goes past them, a few at a time.
 */
export async function removeOldClients(database: Database, before: number): Promise<void> {
  let last = { updated_at: 0, id: '' }
  for (;;) {
    const { updated_at: at, id } = last
    const found = await database.read
      .selectFrom('clients')
      .select(['id', 'updated_at'])
      .where('updated_at', '<', before)
      .where((eb) => eb.or([eb('updated_at', '>', at), eb.and([eb('updated_at', '=', at), eb('id', '>', id)])]))
      .orderBy('updated_at')
      .orderBy('id')
      .limit(AT_ONCE)
      .execute()
    if (found.length === 0) return
    last = found.at(-1)!
    await removeUnused(
      database,
      found.map((client) => client.id),
      before,
    )
  }
}

/** One that is used meanwhile stays. */
async function removeUnused(database: Database, ids: readonly string[], before: number): Promise<void> {
  await database.transaction((queries) =>
    queries
      .deleteFrom('clients')
      .where('id', 'in', ids)
      .where('updated_at', '<', before)
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('sessions').select('id').whereRef('sessions.client_id', '=', 'clients.id'))),
      )
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('sign_ins').select('id').whereRef('sign_ins.client_id', '=', 'clients.id'))),
      )
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('sign_ups').select('id').whereRef('sign_ups.client_id', '=', 'clients.id'))),
      )
      .execute(),
  )
}
