import { sql } from 'kysely'
import type { Database, Dialect, Queries } from '../../storage/database.js'
import { databaseClock } from '../../storage/database-clock.js'
import { eraseSettledOf } from '../erasure.js'
import type { EventRow } from './envelope.js'
import { recordset, shareLines } from './sequencer.js'
import {
  webhookAttempts,
  webhookDeliveries,
  webhookEndpoints,
  type AttemptRecord,
  type DeliveryRecord,
  type EndpointRecord,
} from './webhooks.table.js'

const PENDING = sql.lit('pending')

/** What came of an attempt, for the delivery. */
export interface Outcome {
  delivery: DeliveryRecord
  status: DeliveryRecord['status']
  /** When to try again, while it is pending. */
  dueAt: number | null
  /** Whether it counts among the attempts: not if nothing was sent. */
  counts: boolean
  /** Whether the line goes on without it. */
  released: boolean
  attempt: AttemptRecord | undefined
}

/** The endpoint of several outcomes, and how it did. */
export interface Health {
  endpointId: string
  succeeded: boolean
  failed: boolean
  /** Events given up. */
  exhausted: number
}

/** The deliveries of all instances. */
export class WebhookStore {
  constructor(private readonly database: Database) {}

  /**
   * The enabled endpoints for which something is due. The first one in the order of the index, and not whether there is
   * any: where most rows are due, PostgreSQL would look for any from the beginning of the table.
   */
  async dueEndpoints(now: number): Promise<EndpointRecord[]> {
    const clock = databaseClock(this.database.dialect)
    const { rows } = await sql<Record<string, unknown>>`
      select * from webhook_endpoints as e where e.disabled = 0 and (
        select d.due_at from webhook_deliveries as d
        where d.endpoint_id = e.id and d.due_at <= ${now} and (d.leased_until is null or d.leased_until <= ${clock})
        order by d.due_at, d.position limit 1
      ) is not null`.execute(this.database.read)
    return rows.map((row) => webhookEndpoints.decode(row))
  }

  /**
   * Claims the longest due deliveries of each endpoint. If several nodes find the same ones, each is claimed by one.
   *
   * @param lease Milliseconds after which any node may claim them again; by the database's clock, as nodes' differ
   */
  async claim(
    wanted: readonly { endpointId: string; limit: number }[],
    { now, lease }: { now: number; lease: number },
  ): Promise<DeliveryRecord[]> {
    const skip = this.database.dialect === 'postgres' ? sql`for update skip locked` : sql``
    const clock = databaseClock(this.database.dialect)
    return this.database.transaction(async (queries) => {
      const claimed: DeliveryRecord[] = []
      for (const { endpointId, limit } of wanted) {
        const { rows } = await sql<Record<string, unknown>>`
          update webhook_deliveries set claims = claims + 1, leased_until = ${clock} + ${sql.lit(lease)}
          where id in (
            select id from webhook_deliveries
            where endpoint_id = ${endpointId} and due_at <= ${now}
              and (leased_until is null or leased_until <= ${clock})
            order by due_at, position limit ${limit} ${skip}
          ) returning *`.execute(queries)
        claimed.push(...rows.map((row) => webhookDeliveries.decode(row)))
      }
      return claimed.sort((a, b) => a.position - b.position)
    })
  }

  /** What the requests say, by event. Events that were erased are missing. */
  async events(ids: readonly string[]): Promise<Map<string, EventRow>> {
    if (ids.length === 0) return new Map()
    const rows = await this.database.read
      .selectFrom('events')
      .select(['id', 'instance_id', 'type', 'payload', 'cause', 'created_at', 'expires_at'])
      .where('id', 'in', [...ids])
      .where((eb) => eb.or([eb('erasure', 'is', null), eb('erasure', '=', 'due')]))
      .execute()
    return new Map(rows.map((row) => [row.id, row]))
  }

  /**
   * Writes what came of attempts, and makes the next of each line due. An attempt whose lease another node has taken
   * over settles nothing but is listed.
   */
  async settle(outcomes: readonly Outcome[], healths: readonly Health[], now: number): Promise<void> {
    const { dialect } = this.database
    await this.database.transaction(async (queries) => {
      await shareLines(dialect, queries)
      const present = await presentEndpoints(
        outcomes.map(({ delivery }) => delivery.endpointId),
        dialect,
        queries,
      )
      const rows = outcomes.map(({ delivery, status, dueAt, counts, released }) => ({
        id: delivery.id,
        claims: delivery.claims,
        status,
        due_at: dueAt,
        counted: counts ? 1 : 0,
        released: released ? 1 : 0,
      }))
      const settled = await sql<{ id: string; endpoint_id: string; line_key: string }>`
        update webhook_deliveries set
          status = n.status, due_at = n.due_at, leased_until = null,
          attempts = webhook_deliveries.attempts + n.counted, released = n.released,
          manual = case when n.counted = 1 then 0 else webhook_deliveries.manual end
        from ${recordset(dialect, rows, { id: 'text', claims: 'bigint', status: 'text', due_at: 'bigint', counted: 'bigint', released: 'bigint' })} as n
        where webhook_deliveries.id = n.id and webhook_deliveries.claims = n.claims
          and webhook_deliveries.status = ${PENDING}
        returning webhook_deliveries.id, webhook_deliveries.endpoint_id, webhook_deliveries.line_key`.execute(queries)
      const ids = new Set(settled.rows.map(({ id }) => id))
      const left = outcomes
        .filter(({ delivery, released }) => ids.has(delivery.id) && released && !delivery.released)
        .map(({ delivery }) => ({ endpoint_id: delivery.endpointId, line_key: delivery.lineKey }))
      if (left.length > 0) {
        await sql`
          update webhook_deliveries set due_at = ${now} where id in (
            select (
              select w.id from webhook_deliveries as w
              where w.endpoint_id = l.endpoint_id and w.line_key = l.line_key and w.status = ${PENDING} and w.released = 0
              order by w.position limit 1
            ) from ${recordset(dialect, left, { endpoint_id: 'text', line_key: 'text' })} as l
          ) and due_at is null`.execute(queries)
      }
      const ended = outcomes.filter(({ status }) => status !== 'pending')
      await eraseSettledOf(
        ended.map(({ delivery }) => delivery.eventId),
        dialect,
        queries,
      )
      const attempts = outcomes.flatMap(({ attempt }) =>
        attempt && present.has(attempt.endpointId) ? [webhookAttempts.toRow(attempt)] : [],
      )
      if (attempts.length > 0) await queries.insertInto('webhook_attempts').values(attempts).execute()
      for (const { endpointId, succeeded, failed, exhausted } of healths) {
        const change = queries.updateTable('webhook_endpoints').where('id', '=', endpointId)
        if (succeeded) {
          await change
            .set({ failing_since: null, exhausted: 0, warned_at: null })
            .where('failing_since', 'is not', null)
            .execute()
        } else if (failed) {
          await change
            .set({ failing_since: sql`coalesce(failing_since, ${now})`, exhausted: sql`exhausted + ${exhausted}` })
            .execute()
        }
      }
    })
  }

  /** Those of the endpoints that have failed since before a time. */
  async failing(ids: readonly string[], before: number): Promise<EndpointRecord[]> {
    const rows = await this.database.read
      .selectFrom('webhook_endpoints')
      .selectAll()
      .where('id', 'in', [...ids])
      .where('disabled', '=', 0)
      .where('failing_since', '<=', before)
      .execute()
    return rows.map((row) => webhookEndpoints.decode(row))
  }

  /** For a database that one process has to itself: whatever is claimed was claimed by a process that is gone. */
  async forgetLeases(): Promise<void> {
    await this.database.transaction((queries) =>
      queries
        .updateTable('webhook_deliveries')
        .set({ leased_until: null })
        .where('leased_until', 'is not', null)
        .where('due_at', 'is not', null)
        .execute(),
    )
  }
}

/**
 * Those of the endpoints that were not deleted meanwhile, and are not until the transaction ends. Before the rows of
 * their deliveries, as a deletion has it, so that none waits for another in a circle.
 */
async function presentEndpoints(ids: readonly string[], dialect: Dialect, queries: Queries): Promise<Set<string>> {
  const rows = await queries
    .selectFrom('webhook_endpoints')
    .select('id')
    .where('id', 'in', [...new Set(ids)])
    .orderBy('id')
    .$if(dialect === 'postgres', (query) => query.forKeyShare())
    .execute()
  return new Set(rows.map(({ id }) => id))
}
