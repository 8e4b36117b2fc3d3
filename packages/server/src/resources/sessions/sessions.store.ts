import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import type { InstanceSettings } from '../../instances/settings/settings.js'
import type { Page, PageRequest } from '../../kernel/page.js'
import { NEWEST_FIRST } from '../../storage/lists.js'
import { compiled } from '../../storage/compiled.js'
import { Rows, rowsOfInstance, type Owner } from '../../storage/rows.js'
import type { Schema } from '../../storage/schema.js'
import type { Tx } from '../../storage/tx.js'
import { readWholeRow, valuesOf, wholeRow } from '../../storage/whole-row.js'
import { clients, type ClientKey, type ClientRecord } from '../client-records/client-records.table.js'
import type { ActiveOrganization } from './organization-claims.rules.js'
import { activeOrganizationOf, toActiveOrganization } from './organization-claims.store.js'
import { demandsOf } from './session-tasks.rules.js'
import { sessions, SIGNED_IN, type SessionRecord, type SessionStatus } from './sessions.table.js'

export interface SessionFilter {
  clientId?: string | undefined
  userId?: string | undefined
  status?: SessionStatus | undefined
}

export interface ReadSession {
  session: SessionRecord
  /** The one that is active in the session, if the user is a member. */
  organization: ActiveOrganization | undefined
  /** When reading began, by `performance.now()`. */
  readAt: number
}

type SessionExpressions = ExpressionBuilder<Schema, 'sessions'>

export class SessionStore extends Rows<typeof sessions> {
  constructor(owner: Owner) {
    super(sessions, owner)
  }

  /** Newest first. Counted only where the caller shows the number. */
  async pageOf(
    filter: SessionFilter,
    page: PageRequest & { paginated: boolean },
    settings: InstanceSettings,
    now: number,
  ): Promise<Page<SessionRecord>> {
    const matching = this.select().where((eb) => matches(eb, filter, settings, now))
    const isFiltered = filter.clientId !== undefined || filter.userId !== undefined || filter.status !== undefined
    return this.readPage(matching, NEWEST_FIRST, { ...page, parts: isFiltered ? undefined : [''] })
  }

  /**
   * A browser, and the session if it is one of that browser, with its organization: one read, as every session token
   * begins with it.
   */
  async findWithClient(
    id: string,
    by: ClientKey,
  ): Promise<{ client: ClientRecord; read: ReadSession | undefined } | undefined> {
    const { database, instanceId } = this.owner
    const [column, value] = 'id' in by ? (['id', by.id] as const) : (['dev_browser_hash', by.devBrowserHash] as const)
    const build = () =>
      rowsOfInstance('clients', this.owner)
        .where(column, '=', value)
        .select([
          wholeRow(database.dialect, clients).as('client'),
          (eb) =>
            eb
              .selectFrom('sessions')
              .whereRef('sessions.client_id', '=', 'clients.id')
              .where('sessions.id', '=', id)
              .select(wholeRow(database.dialect, sessions, [activeOrganizationOf(database.dialect)]).as('session'))
              .as('session'),
        ])
    const query = compiled(database, `session with client by ${column}`, build, [id, instanceId, value])
    const readAt = performance.now()
    const [row] = await database.rows(query)
    const client = row && readWholeRow(clients, row['client'])
    if (!client) return undefined
    const values = row['session'] === null ? null : valuesOf(row['session'])
    const session = readWholeRow(sessions, values)
    const organization = session && toActiveOrganization(values![sessions.names.length])
    return { client, read: session && { session, organization, readAt } }
  }

  /** Moves the time at which it is abandoned, unless it is over. */
  async stayAwake(id: string, abandonAt: number, now: number, tx: Tx): Promise<void> {
    await this.change(tx)
      .set({ abandon_at: abandonAt })
      .where('id', '=', id)
      .where('status', 'in', SIGNED_IN)
      .where('abandon_at', '>', now)
      .where('abandon_at', '<', abandonAt)
      .execute()
  }

  /** Oldest first. */
  async listOfClients(clientIds: readonly string[], tx?: Tx): Promise<SessionRecord[]> {
    if (clientIds.length === 0) return []
    const rows = await this.select(tx)
      .selectAll()
      .where('client_id', 'in', clientIds)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return this.decodeAll(rows)
  }

  /** Ids of the users with a session, in the order of the ids: two changes at once never deadlock. */
  async signedInUsers(now: number, tx: Tx): Promise<string[]> {
    const rows = await this.select(tx)
      .select('user_id')
      .distinct()
      .where('status', 'in', SIGNED_IN)
      .where('expire_at', '>', now)
      .where('abandon_at', '>', now)
      .orderBy('user_id')
      .execute()
    return rows.map((row) => row.user_id)
  }

  /**
   * Ends those that are still signed in: one session, or all of a user, except one that may be named.
   *
   * @returns what was ended; a session that was over before keeps its status
   */
  async end(
    which: { id: string } | { userId: string; except?: string | undefined },
    status: SessionStatus,
    now: number,
    tx: Tx,
  ): Promise<SessionRecord[]> {
    const rows = await this.change(tx)
      .set({ status, updated_at: now })
      .where((eb) => ('id' in which ? eb('id', '=', which.id) : eb('user_id', '=', which.userId)))
      .$if('except' in which && which.except !== undefined, (query) =>
        query.where('id', '!=', (which as { except: string }).except),
      )
      .where('status', 'in', SIGNED_IN)
      .where('expire_at', '>', now)
      .where('abandon_at', '>', now)
      .returningAll()
      .execute()
    return this.decodeAll(rows)
  }

  /** The user's sessions that are signed in, locked, in the order of their ids: two changes at once never deadlock. */
  async lockedOf(userId: string, now: number, tx: Tx): Promise<SessionRecord[]> {
    const rows = await this.select(tx)
      .selectAll()
      .where('user_id', '=', userId)
      .where('status', 'in', SIGNED_IN)
      .where('expire_at', '>', now)
      .where('abandon_at', '>', now)
      .orderBy('id')
      .$if(this.owner.database.dialect === 'postgres', (query) => query.forNoKeyUpdate())
      .execute()
    return this.decodeAll(rows)
  }

  /** @returns those that were changed */
  async clearOrganization(
    { organizationId, userId }: { organizationId: string; userId?: string },
    now: number,
    tx: Tx,
  ): Promise<SessionRecord[]> {
    const rows = await this.change(tx)
      .set({ last_active_organization_id: null, updated_at: now })
      .where('last_active_organization_id', '=', organizationId)
      .$if(userId !== undefined, (query) => query.where('user_id', '=', userId!))
      .returningAll()
      .execute()
    return this.decodeAll(rows)
  }
}

function matches(
  eb: SessionExpressions,
  { clientId, userId, status }: SessionFilter,
  settings: InstanceSettings,
  now: number,
): Expression<SqlBool> {
  return eb.and([
    ...(clientId === undefined ? [] : [eb('client_id', '=', clientId)]),
    ...(userId === undefined ? [] : [eb('user_id', '=', userId)]),
    ...(status === undefined ? [] : [hasStatus(eb, status, settings, now)]),
  ])
}

/** `statusAt` of a session, in SQL. */
function hasStatus(
  eb: SessionExpressions,
  status: SessionStatus,
  settings: InstanceSettings,
  now: number,
): Expression<SqlBool> {
  const written = eb('status', '=', status)
  const signedIn = eb('status', 'in', SIGNED_IN)
  const lasts = eb.and([signedIn, eb('expire_at', '>', now), eb('abandon_at', '>', now)])
  switch (status) {
    case 'active':
      return eb.and([lasts, eb.not(hasTasks(eb, settings))])
    case 'pending':
      return eb.and([lasts, hasTasks(eb, settings)])
    case 'expired':
      return eb.or([
        written,
        eb.and([signedIn, eb('expire_at', '<=', now), eb('expire_at', '<=', eb.ref('abandon_at'))]),
      ])
    case 'abandoned':
      return eb.or([
        written,
        eb.and([signedIn, eb('abandon_at', '<=', now), eb('abandon_at', '<', eb.ref('expire_at'))]),
      ])
    default:
      return written
  }
}

/** Whether `tasksOf` has something, in SQL. */
function hasTasks(eb: SessionExpressions, settings: InstanceSettings): Expression<SqlBool> {
  const demands = demandsOf(settings)
  return eb.and([
    eb('actor', 'is', null),
    eb.or([
      eb('password_compromised', '=', 1),
      ...(demands.organization ? [eb('last_active_organization_id', 'is', null)] : []),
      ...(demands.secondFactor ? [eb('has_second_factor', '=', 0)] : []),
    ]),
  ])
}
