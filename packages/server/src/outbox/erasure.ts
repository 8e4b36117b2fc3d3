import { sql, type RawBuilder } from 'kysely'
import type { Database, Queries } from '../storage/database.js'
import { changeOfInstance } from '../storage/rows.js'

/** Events emptied in one statement at most. */
const AT_ONCE = 1000

/** Deletions after which nothing may stay of what was deleted: the events of its family say all there was to know. */
export const ERASING: readonly string[] = ['user.deleted', 'organization.deleted']

export interface Erased {
  instanceId: string
  /** The family, as `events.lineKey` has it. */
  lineKey: string
  /** Only the events about this row; all of the family if absent. */
  subjectId?: string
}

/**
 * Empties events that tell of something that is deleted: those that were delivered at once, the others once no delivery
 * is pending. The event of the deletion itself stays: it has nothing but an id.
 */
export async function eraseEvents(
  { instanceId, lineKey, subjectId }: Erased,
  { dialect }: Pick<Database, 'dialect'>,
  queries: Queries,
): Promise<void> {
  await changeOfInstance('events', instanceId, queries)
    .set({ erasure: 'due' })
    .where('line_key', '=', lineKey)
    .$if(subjectId !== undefined, (query) => query.where('subject_id', '=', subjectId!))
    .where('type', 'not in', [...ERASING])
    .where('erasure', 'is', null)
    .execute()
  await eraseSettled(dialect, queries, sql`instance_id = ${instanceId} and line_key = ${lineKey}`)
}

/** Empties those of the events that wait for it. Call it where deliveries are settled. */
export async function eraseSettledOf(
  ids: readonly string[],
  dialect: Database['dialect'],
  queries: Queries,
): Promise<void> {
  if (ids.length > 0) await eraseSettled(dialect, queries, sql`id in (${sql.join(ids)})`)
}

/** Empties what waited for a delivery that was never made, as that of a removed endpoint. */
export async function eraseDue(database: Database): Promise<void> {
  const some = sql`sequence in (
    select sequence from events as due where due.erasure = 'due' and ${isSettled('due')} order by sequence limit ${sql.lit(AT_ONCE)}
  )`
  while ((await database.transaction((queries) => eraseSettled(database.dialect, queries, some))) === AT_ONCE);
}

async function eraseSettled(
  dialect: Database['dialect'],
  queries: Queries,
  which: RawBuilder<unknown>,
): Promise<number> {
  const payload =
    dialect === 'postgres'
      ? sql`json_build_object('id', subject_id, 'deleted', true)::text`
      : sql`json_object('id', subject_id, 'deleted', json('true'))`
  // The cause has the address of whoever made the change, often the user.
  const { numAffectedRows } = await sql`
    update events set payload = ${payload}, cause = null, erasure = 'done'
    where ${which} and erasure = 'due' and ${isSettled('events')}`.execute(queries)
  return Number(numAffectedRows ?? 0)
}

/** Numbered, so that its deliveries are known, and none of them pending. */
function isSettled(name: string): RawBuilder<boolean> {
  const event = sql.ref(name)
  return sql<boolean>`${event}.position is not null and not exists (
    select 1 from webhook_deliveries as d where d.event_id = ${event}.id and d.status = ${sql.lit('pending')}
  )`
}
