import type { OrganizationJSON, OrganizationMembershipJSON, UserJSON, WebhookEventType } from '@latchkey/types'
import { createCall, EventsError, readEvents, type EventSourceOptions, type PulledEvent } from './read-events.js'

/** Rows of a page. */
const PAGE = 200
/** Rows of the page before that a page repeats: so many may be deleted meanwhile without one being skipped. */
const OVERLAP = 50

/** What the tables are kept in step with. */
export interface SyncedRows {
  users: UserJSON
  organizations: OrganizationJSON
  memberships: OrganizationMembershipJSON
}

export type SyncedTable = keyof SyncedRows

/** One change of one row. */
export type SyncChange =
  | {
      [Table in SyncedTable]: { table: Table; id: string; row: SyncedRows[Table] }
    }[SyncedTable]
  /** The row is gone; perhaps it never was here. */
  | { table: SyncedTable; id: string; row: null }

/** The application's tables. */
export interface SyncStore {
  /** The cursor that was stored last; undefined or null before the first. */
  cursor(): Promise<string | null | undefined>
  /**
   * Writes the changes, in order, and the cursor, in one transaction. A row is inserted or replaced, unless the stored one
   * has a later `updated_at`. Without a cursor, the stored one stays.
   */
  apply(changes: readonly SyncChange[], cursor: string | undefined): Promise<void>
  /** Deletes the rows with other ids: after a snapshot, they are no longer there. */
  keepOnly(table: SyncedTable, ids: ReadonlySet<string>): Promise<void>
}

export interface SyncUsersOptions extends EventSourceOptions {
  /** Default is all three. */
  tables?: readonly SyncedTable[]
  /** Goes on with what comes, until the signal aborts. Default is true; with false it ends when the tables are in step. */
  follow?: boolean
}

const PATHS: Record<SyncedTable, string> = {
  users: '/users',
  organizations: '/organizations',
  memberships: '/organization_memberships',
}

const TYPES: Record<SyncedTable, readonly WebhookEventType[]> = {
  users: ['user.created', 'user.updated', 'user.deleted'],
  organizations: ['organization.created', 'organization.updated', 'organization.deleted'],
  memberships: ['organizationMembership.created', 'organizationMembership.updated', 'organizationMembership.deleted'],
}

/**
 * Keeps tables of the application's own in step with users, organizations and memberships: reads them all once, then every
 * change that came since, missing none. If the server was restored from a backup, or the last run is longer ago than
 * events are kept, it reads them all again.
 *
 * @throws {EventsError} if the key is refused
 */
export async function syncUsers(store: SyncStore, options: SyncUsersOptions = {}): Promise<void> {
  const { tables = ['users', 'organizations', 'memberships'], follow = true, signal } = options
  const types = tables.flatMap((table) => TYPES[table])
  let cursor = (await store.cursor()) ?? undefined
  while (!signal?.aborted) {
    cursor ??= await takeSnapshot(store, tables, options)
    try {
      for await (const page of readEvents({ ...options, after: cursor, types, follow })) {
        await store.apply(page.events.flatMap(toChange), page.cursor)
        cursor = page.cursor
      }
      return
    } catch (error) {
      if (!(error instanceof EventsError) || error.code === 'refused') throw error
      cursor = undefined
    }
  }
}

/** @returns the cursor of the moment before it: what changes meanwhile comes again as an event */
async function takeSnapshot(
  store: SyncStore,
  tables: readonly SyncedTable[],
  options: EventSourceOptions,
): Promise<string> {
  const call = createCall(options)
  const { cursor } = await call<{ cursor: string }>('/events?after=latest&limit=1')
  for (const table of tables) {
    const seen = new Set<string>()
    try {
      for await (const rows of readAll(call, PATHS[table])) {
        for (const { id } of rows) seen.add(id)
        const changes = rows.map((row) => ({ table, id: row.id, row }) as SyncChange)
        await store.apply(changes, undefined)
      }
    } catch (error) {
      // An instance without organizations answers their lists with 403.
      if (table === 'users' || !(error instanceof EventsError) || error.status !== 403) throw error
    }
    await store.keepOnly(table, seen)
  }
  await store.apply([], cursor)
  return cursor
}

interface Row {
  id: string
}

/**
 * The rows of a list, oldest first. Each page begins with rows of the page before: if none of them is there, rows were
 * deleted meanwhile, and others have moved to where it has been already.
 */
async function* readAll(call: ReturnType<typeof createCall>, path: string): AsyncGenerator<Row[], void, undefined> {
  const seen = new Set<string>()
  let offset = 0
  for (;;) {
    const answer = await call<Row[] | { data: Row[] }>(`${path}?limit=${PAGE}&offset=${offset}&order_by=%2Bcreated_at`)
    const rows = Array.isArray(answer) ? answer : answer.data
    if (offset > 0 && !rows.some(({ id }) => seen.has(id))) {
      offset = Math.max(0, offset - PAGE)
      continue
    }
    const fresh = rows.filter(({ id }) => !seen.has(id))
    for (const { id } of fresh) seen.add(id)
    if (fresh.length > 0) yield fresh
    if (rows.length < PAGE) return
    offset += fresh.length === 0 ? PAGE - OVERLAP : Math.max(1, rows.length - OVERLAP)
  }
}

function toChange(event: PulledEvent): SyncChange[] {
  const { data } = event
  switch (event.type) {
    case 'user.created':
    case 'user.updated':
      return [{ table: 'users', id: event.data.id, row: event.data }]
    case 'organization.created':
    case 'organization.updated':
      return [{ table: 'organizations', id: event.data.id, row: event.data }]
    case 'organizationMembership.created':
    case 'organizationMembership.updated':
      return [{ table: 'memberships', id: event.data.id, row: event.data }]
    case 'user.deleted':
      return deleted('users', data)
    case 'organization.deleted':
      return deleted('organizations', data)
    case 'organizationMembership.deleted':
      return deleted('memberships', data)
    default:
      return []
  }
}

function deleted(table: SyncedTable, data: object): SyncChange[] {
  const { id } = data as { id?: string }
  return id === undefined ? [] : [{ table, id, row: null }]
}
