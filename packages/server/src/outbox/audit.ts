import type { Caller } from '../kernel/caller.js'
import { insertRow } from '../storage/compiled.js'
import type { Database, Queries } from '../storage/database.js'
import { Rows, type Owner } from '../storage/rows.js'
import { causeOf } from './events.js'
import { auditEntries, type AuditEntryRecord } from './events.table.js'

/** Entries removed in one statement at most. */
const REMOVED_AT_ONCE = 1000

/** Which entries to read. An entry must match all given conditions. */
export interface AuditFilter {
  /** Unix milliseconds, included. */
  since?: number | undefined
  /** Unix milliseconds, not included. */
  until?: number | undefined
  /** Who did it, or in whose name. */
  actorId?: string | undefined
  action?: string | undefined
  targetId?: string | undefined
}

/** Where a page ends: the next one begins after this entry. */
export type AuditPosition = Pick<AuditEntryRecord, 'createdAt' | 'sequence'>

/** The audit trail of an instance. Entries are added and read, never changed. */
export class AuditTrail {
  readonly #rows: Rows<typeof auditEntries>

  constructor(private readonly options: Owner) {
    this.#rows = new Rows(auditEntries, options)
  }

  /** @param changed names of fields, as on the wire; never their values */
  async write(
    action: string,
    targetId: string,
    changed: readonly string[],
    caller: Caller,
    queries: Queries,
  ): Promise<void> {
    const { instanceId, clock, ids, database } = this.options
    const { kind, id, ...origin } = causeOf(caller)
    const record = {
      id: ids.next(auditEntries.prefix),
      instanceId,
      actorKind: kind,
      actorId: id,
      action,
      targetId,
      changed: [...changed],
      ...origin,
      createdAt: clock.now(),
    }
    await insertRow({ table: auditEntries, record, database, queries })
  }

  /** Oldest first; entries of the same millisecond in the order in which they were written. */
  async list(
    filter: AuditFilter,
    { limit, after }: { limit: number; after?: AuditPosition | undefined },
  ): Promise<AuditEntryRecord[]> {
    let query = this.#matching(filter).orderBy('created_at').orderBy('sequence').limit(limit)
    if (after) {
      query = query.where((eb) =>
        eb(eb.refTuple('created_at', 'sequence'), '>', eb.tuple(after.createdAt, after.sequence)),
      )
    }
    return (await query.execute()).map((row) => auditEntries.decode(row))
  }

  /** The newest ones, in the order of `list`. */
  async latest(filter: AuditFilter, limit: number): Promise<AuditEntryRecord[]> {
    const query = this.#matching(filter).orderBy('created_at', 'desc').orderBy('sequence', 'desc').limit(limit)
    return (await query.execute()).reverse().map((row) => auditEntries.decode(row))
  }

  #matching({ since, until, actorId, action, targetId }: AuditFilter) {
    return this.#rows
      .select()
      .selectAll()
      .$if(since !== undefined, (query) => query.where('created_at', '>=', since!))
      .$if(until !== undefined, (query) => query.where('created_at', '<', until!))
      .$if(actorId !== undefined, (query) =>
        query.where((eb) => eb.or([eb('actor_id', '=', actorId!), eb('impersonator_id', '=', actorId!)])),
      )
      .$if(action !== undefined, (query) => query.where('action', '=', action!))
      .$if(targetId !== undefined, (query) => query.where('target_id', '=', targetId!))
  }
}

/** Removes entries of all instances that are older than the retention, in batches. */
export async function removeOldEntries(database: Database, before: number): Promise<void> {
  for (;;) {
    const removed = await database.transaction((queries) =>
      queries
        .deleteFrom('audit_entries')
        .where('sequence', 'in', (eb) =>
          eb
            .selectFrom('audit_entries')
            .select('sequence')
            .where('created_at', '<', before)
            .orderBy('created_at')
            .limit(REMOVED_AT_ONCE),
        )
        .executeTakeFirst(),
    )
    if (removed.numDeletedRows < REMOVED_AT_ONCE) return
  }
}
