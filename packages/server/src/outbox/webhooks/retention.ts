import { sql } from 'kysely'
import type { Database } from '../../storage/database.js'
import { removeInParts } from '../../storage/remove-in-parts.js'
import { changeOfInstance } from '../../storage/rows.js'

/** Rows removed or changed in one transaction at most. */
const AT_ONCE = 1000

/** Removes attempts and events of all instances from before a time, but no event that is still on its way. */
export async function removeOldEvents(database: Database, before: number): Promise<void> {
  await removeInParts(database, { table: 'webhook_attempts', by: 'created_at', before })
  while ((await removeEvents(database, before)) === AT_ONCE);
}

async function removeEvents(database: Database, before: number): Promise<number> {
  return database.transaction(async (queries) => {
    const old = await queries
      .selectFrom('events')
      .select(['id', 'sequence', 'instance_id', 'position'])
      .where('created_at', '<', before)
      .where('position', 'is not', null)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('webhook_deliveries')
              .select('webhook_deliveries.id')
              .whereRef('webhook_deliveries.event_id', '=', 'events.id')
              .where('webhook_deliveries.status', '=', 'pending'),
          ),
        ),
      )
      .orderBy('created_at')
      .limit(AT_ONCE)
      .execute()
    if (old.length === 0) return 0
    const through = new Map<string, number>()
    for (const { instance_id, position } of old)
      through.set(instance_id, Math.max(through.get(instance_id) ?? 0, Number(position)))
    // In one order on every node, so that none waits for another in a circle.
    for (const [instanceId, position] of [...through].sort(([a], [b]) => (a < b ? -1 : 1))) {
      await changeOfInstance('event_streams', instanceId, queries)
        .set({ removed_through: position })
        .where('removed_through', '<', position)
        .execute()
    }
    const ids = old.map(({ id }) => id)
    await queries.deleteFrom('webhook_deliveries').where('event_id', 'in', ids).execute()
    const sequences = old.map(({ sequence }) => sequence)
    await sql`delete from events where sequence in (${sql.join(sequences)})`.execute(queries)
    return old.length
  })
}
