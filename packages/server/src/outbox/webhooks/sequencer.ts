import { sql } from 'kysely'
import type { Ids } from '../../kernel/runtime.js'
import type { Database, Dialect, Queries } from '../../storage/database.js'
import { changeOfInstance } from '../../storage/rows.js'
import { webhookDeliveries, webhookEndpoints, type DeliveryRecord, type EndpointRecord } from './webhooks.table.js'

/** Events that are numbered in one transaction. */
export const NUMBERED_AT_ONCE = 500
/** Rows of one insert: SQLite takes 32,766 parameters. */
const INSERTED_AT_ONCE = 1000
/** An arbitrary number, the same on every node. */
const LINES_LOCK = 7_236_135

/**
 * Keeps everybody else from changing which deliveries are due, until the transaction ends. SQLite has one writer anyway.
 * A statement of its own: the snapshot of the next one must be younger than the lock.
 */
export async function lockLines(dialect: Dialect, queries: Queries): Promise<void> {
  if (dialect === 'postgres') await sql`select pg_advisory_xact_lock(${sql.lit(LINES_LOCK)})`.execute(queries)
}

/** Keeps the lines from being extended. Several nodes may settle at once: each line has one head. */
export async function shareLines(dialect: Dialect, queries: Queries): Promise<void> {
  if (dialect === 'postgres') await sql`select pg_advisory_xact_lock_shared(${sql.lit(LINES_LOCK)})`.execute(queries)
}

interface Waiting {
  id: string
  sequence: number
  instance_id: string
  type: string
  subject_id: string
  line_key: string | null
}

interface Numbered {
  id: string
  instanceId: string
  type: string
  lineKey: string
  position: number
}

interface SequencerOptions {
  database: Database
  ids: Ids
}

/**
 * Gives committed events their positions, one node at a time, and puts them on the way to the endpoints. The numbers of
 * `sequence` are drawn before the commit: a reader that follows them would miss a transaction that commits late.
 */
export class Sequencer {
  constructor(private readonly options: SequencerOptions) {}

  /** @returns how many events got a position */
  async number(now: number): Promise<number> {
    const { database } = this.options
    // Looks first: a transaction costs a commit, and most turns find nothing. In the order of the index, which PostgreSQL
    // leaves aside where it believes that many have none.
    const [any] = await database.read
      .selectFrom('events')
      .select('sequence')
      .where('position', 'is', null)
      .orderBy('sequence')
      .limit(1)
      .execute()
    if (!any) return 0
    return database.transaction(async (queries) => {
      await lockLines(database.dialect, queries)
      const waiting = await queries
        .selectFrom('events')
        .select(['id', 'sequence', 'instance_id', 'type', 'subject_id', 'line_key'])
        .where('position', 'is', null)
        .orderBy('sequence')
        .limit(NUMBERED_AT_ONCE)
        .execute()
      const numbered = await this.#numberEach(waiting, queries)
      await this.#fanOut(numbered, now, queries)
      return waiting.length
    })
  }

  async #numberEach(waiting: Waiting[], queries: Queries): Promise<Numbered[]> {
    const counts = new Map<string, number>()
    for (const { instance_id } of waiting) counts.set(instance_id, (counts.get(instance_id) ?? 0) + 1)
    const next = new Map<string, number>()
    for (const [instanceId, count] of counts) {
      const last = await this.#advance(instanceId, count, queries)
      next.set(instanceId, last - count + 1)
    }
    const numbered = waiting.map(({ id, instance_id, type, subject_id, line_key }) => {
      const position = next.get(instance_id)!
      next.set(instance_id, position + 1)
      return { id, instanceId: instance_id, type, lineKey: line_key ?? subject_id, position }
    })
    const positions = waiting.map(({ sequence }, index) => ({ sequence, position: numbered[index]!.position }))
    const rows = recordset(this.options.database.dialect, positions, { sequence: 'bigint', position: 'bigint' })
    await sql`update events set position = n.position from ${rows} as n where events.sequence = n.sequence`.execute(
      queries,
    )
    return numbered
  }

  /** @returns the last position */
  async #advance(instanceId: string, count: number, queries: Queries): Promise<number> {
    const add = () =>
      changeOfInstance('event_streams', instanceId, queries)
        .set({ last_position: sql`last_position + ${count}` })
        .returning('last_position')
        .executeTakeFirst()
    let row = await add()
    if (!row) {
      await startStream(instanceId, this.options.ids, queries)
      row = await add()
    }
    return Number(row!.last_position)
  }

  async #fanOut(events: Numbered[], now: number, queries: Queries): Promise<void> {
    const instanceIds = [...new Set(events.map(({ instanceId }) => instanceId))]
    const rows = await queries
      .selectFrom('webhook_endpoints')
      .selectAll()
      // As the index has it.
      .where('disabled', '=', sql.lit(0))
      .where('instance_id', 'in', instanceIds)
      // Nobody deletes one before its deliveries are there.
      .$if(this.options.database.dialect === 'postgres', (query) => query.forKeyShare())
      .execute()
    if (rows.length === 0) return
    const endpoints = rows.map((row) => webhookEndpoints.decode(row))
    const wanted: { event: Numbered; endpoint: EndpointRecord }[] = []
    for (const event of events) {
      for (const endpoint of endpoints) {
        if (endpoint.instanceId === event.instanceId && takes(endpoint, event.type)) wanted.push({ event, endpoint })
      }
    }
    await this.#queue(wanted, now, queries)
  }

  async #queue(wanted: { event: Numbered; endpoint: EndpointRecord }[], now: number, queries: Queries): Promise<void> {
    if (wanted.length === 0) return
    const held = await this.#heldLines(wanted, queries)
    const records = wanted.map(({ event, endpoint }): DeliveryRecord => {
      const line = lineOf(endpoint.id, event.lineKey)
      const inLine = endpoint.ordering !== 'none'
      const isHead = !inLine || !held.has(line)
      if (inLine) held.add(line)
      return newDelivery(this.options.ids, {
        instanceId: event.instanceId,
        endpointId: endpoint.id,
        eventId: event.id,
        lineKey: event.lineKey,
        position: event.position,
        dueAt: isHead ? now : null,
        released: !inLine,
        manual: false,
        createdAt: now,
      })
    })
    for (let at = 0; at < records.length; at += INSERTED_AT_ONCE) {
      const values = records.slice(at, at + INSERTED_AT_ONCE).map((record) => webhookDeliveries.toRow(record))
      await queries
        .insertInto('webhook_deliveries')
        .values(values)
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    }
  }

  /** The lines in which an event still waits: a new one comes behind it. */
  async #heldLines(wanted: { event: Numbered; endpoint: EndpointRecord }[], queries: Queries): Promise<Set<string>> {
    const lines = new Map(
      wanted.map(({ event, endpoint }) => [
        lineOf(endpoint.id, event.lineKey),
        { endpoint_id: endpoint.id, line_key: event.lineKey },
      ]),
    )
    const rows = recordset(this.options.database.dialect, [...lines.values()], {
      endpoint_id: 'text',
      line_key: 'text',
    })
    const held = await sql<{ endpoint_id: string; line_key: string }>`
      select l.endpoint_id, l.line_key from ${rows} as l where exists (
        select 1 from webhook_deliveries as d
        where d.endpoint_id = l.endpoint_id and d.line_key = l.line_key and d.status = 'pending' and d.released = 0
      )`.execute(queries)
    return new Set(held.rows.map(({ endpoint_id, line_key }) => lineOf(endpoint_id, line_key)))
  }
}

/** Begins the history of an instance's events, unless it has one. */
export async function startStream(instanceId: string, ids: Ids, queries: Queries): Promise<void> {
  await queries
    .insertInto('event_streams')
    .values({ instance_id: instanceId, history: ids.next('hist'), last_position: 0, removed_through: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export function takes({ eventTypes }: Pick<EndpointRecord, 'eventTypes'>, type: string): boolean {
  return eventTypes === null || eventTypes.includes(type)
}

type NewDelivery = Pick<
  DeliveryRecord,
  'instanceId' | 'endpointId' | 'eventId' | 'lineKey' | 'position' | 'dueAt' | 'released' | 'manual' | 'createdAt'
>

export function newDelivery(ids: Ids, fields: NewDelivery): DeliveryRecord {
  return {
    ...fields,
    id: ids.next(webhookDeliveries.prefix),
    status: 'pending',
    attempts: 0,
    leasedUntil: null,
    claims: 0,
  }
}

function lineOf(endpointId: string, lineKey: string): string {
  return `${endpointId} ${lineKey}`
}

/** Rows as one parameter, so that the text of a statement does not depend on their number. */
export function recordset(
  dialect: Dialect,
  rows: readonly Record<string, string | number | null>[],
  columns: Record<string, 'text' | 'bigint'>,
) {
  const names = Object.keys(columns)
  const json = JSON.stringify(rows)
  if (dialect === 'postgres') {
    const types = sql.join(names.map((name) => sql`${sql.ref(name)} ${sql.raw(columns[name]!)}`))
    const typed = sql`json_to_recordset(${json}::json) as r(${types})`
    return sql`(select ${sql.join(names.map((name) => sql.ref(name)))} from ${typed})`
  }
  const fields = names.map((name) => sql`json_extract(value, ${sql.lit(`$.${name}`)}) as ${sql.ref(name)}`)
  return sql`(select ${sql.join(fields)} from json_each(${json}))`
}
