import type { CompiledQuery, Expression, ExpressionBuilder, SqlBool } from 'kysely'
import type { PageRequest } from '../../http/pagination.js'
import type { Queries } from '../../storage/database.js'
import { InstanceRows } from '../../storage/queries.js'
import { sessions, type Schema, type SessionRecord, type SessionStatus } from '../../storage/tables.js'

export interface SessionFilter {
  clientId?: string | undefined
  userId?: string | undefined
  status?: SessionStatus | undefined
}

type SessionExpressions = ExpressionBuilder<Schema, 'sessions'>

export class SessionStore extends InstanceRows<typeof sessions> {
  /** Compiled once: every token begins with it. */
  #find: CompiledQuery | undefined

  constructor(queries: Queries, instanceId: string) {
    super(queries, 'sessions', sessions, instanceId)
  }

  override async find(id: string, queries: Queries = this.queries): Promise<SessionRecord | undefined> {
    this.#find ??= this.queries
      .selectFrom('sessions')
      .selectAll()
      .where('instance_id', '=', this.instanceId)
      .where('id', '=', id)
      .compile()
    const { rows } = await queries.executeQuery({ ...this.#find, parameters: [this.instanceId, id] })
    return rows[0] === undefined ? undefined : this.decode(rows[0])
  }

  /** Newest first. */
  async list(filter: SessionFilter, { limit, offset }: PageRequest, now: number): Promise<SessionRecord[]> {
    const rows = await this.queries
      .selectFrom('sessions')
      .selectAll()
      .where((eb) => this.#matches(eb, filter, now))
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .offset(offset)
      .execute()
    return rows.map((row) => this.decode(row))
  }

  async count(filter: SessionFilter, now: number): Promise<number> {
    const row = await this.queries
      .selectFrom('sessions')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where((eb) => this.#matches(eb, filter, now))
      .executeTakeFirstOrThrow()
    return Number(row.count)
  }

  /** Oldest first. */
  async listOfClients(clientIds: readonly string[]): Promise<SessionRecord[]> {
    if (clientIds.length === 0) return []
    const rows = await this.queries
      .selectFrom('sessions')
      .selectAll()
      .where('instance_id', '=', this.instanceId)
      .where('client_id', 'in', clientIds)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map((row) => this.decode(row))
  }

  /**
   * Ends those that are still signed in: one session, or all of a user.
   *
   * @returns what was ended; a session that was over before keeps its status
   */
  async end(
    which: { id: string } | { userId: string },
    status: SessionStatus,
    now: number,
    tx: Queries,
  ): Promise<SessionRecord[]> {
    const rows = await tx
      .updateTable('sessions')
      .set({ status, updated_at: now })
      .where('instance_id', '=', this.instanceId)
      .where((eb) => ('id' in which ? eb('id', '=', which.id) : eb('user_id', '=', which.userId)))
      .where('status', 'in', ['active', 'pending'])
      .where('expire_at', '>', now)
      .where('abandon_at', '>', now)
      .returningAll()
      .execute()
    return rows.map((row) => this.decode(row))
  }

  #matches(eb: SessionExpressions, { clientId, userId, status }: SessionFilter, now: number): Expression<SqlBool> {
    return eb.and([
      eb('instance_id', '=', this.instanceId),
      ...(clientId === undefined ? [] : [eb('client_id', '=', clientId)]),
      ...(userId === undefined ? [] : [eb('user_id', '=', userId)]),
      ...(status === undefined ? [] : [hasStatus(eb, status, now)]),
    ])
  }
}

/** In SQL what `statusAt` says of one session. */
function hasStatus(eb: SessionExpressions, status: SessionStatus, now: number): Expression<SqlBool> {
  const written = eb('status', '=', status)
  const signedIn = eb('status', 'in', ['active', 'pending'])
  switch (status) {
    case 'active':
    case 'pending':
      return eb.and([written, eb('expire_at', '>', now), eb('abandon_at', '>', now)])
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
