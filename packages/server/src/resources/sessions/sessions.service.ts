import { apiError } from '../../http/api-error.js'
import { errors } from '../../http/errors.js'
import type { PageRequest } from '../../http/pagination.js'
import type { Queries } from '../../storage/database.js'
import type { SessionRecord } from '../../storage/tables.js'
import type { ClientService } from '../clients/clients.service.js'
import type { InstanceContext } from '../instances/instance-context.js'
import { isLocked, type User } from '../users/user.js'
import { toUserJSON } from '../users/users.serializer.js'
import type { UserChanges } from '../users/user-changes.js'
import { toSessionJSON } from './sessions.serializer.js'
import { SessionStore, type SessionFilter } from './sessions.store.js'

/** How a session ends before its time, by someone's doing. */
export type SessionEnd = 'revoked' | 'ended' | 'removed'

export interface CreateSessionInput {
  userId: string
  activeOrganizationId?: string | undefined
}

/** A session with its own id, from a seed. */
export interface RestoredSession {
  id: string
  userId: string
  /** Default is a new client. */
  clientId?: string | undefined
  status: 'active' | SessionEnd
  /** Unix milliseconds. Default is now. */
  createdAt?: number | undefined
  /** Unix milliseconds. Default is the instance's lifetime of sessions from now. */
  expireAt?: number | undefined
}

interface SessionServiceOptions {
  context: InstanceContext
  clients: ClientService
  /** Asked for when needed: users end sessions, and what is told of a session tells of its user. */
  users: () => UserChanges
}

export class SessionService {
  readonly #options: SessionServiceOptions
  readonly #store: SessionStore

  constructor(options: SessionServiceOptions) {
    this.#options = options
    const { database, instanceId } = options.context
    this.#store = new SessionStore(database.read, instanceId)
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async get(id: string): Promise<SessionRecord> {
    const session = await this.#store.find(id)
    if (!session) throw errors.resourceNotFound('session', id)
    return session
  }

  /** @returns undefined when there is no such session, or its user was deleted */
  find(id: string): Promise<SessionRecord | undefined> {
    return this.#store.find(id)
  }

  /** Newest first. */
  list(filter: SessionFilter, page: PageRequest): Promise<SessionRecord[]> {
    return this.#store.list(filter, page, this.#options.context.clock.now())
  }

  count(filter: SessionFilter): Promise<number> {
    return this.#store.count(filter, this.#options.context.clock.now())
  }

  /** Whatever their status, oldest first. */
  listOfClients(clientIds: readonly string[]): Promise<SessionRecord[]> {
    return this.#store.listOfClients(clientIds)
  }

  /**
   * Opens a session in a client of its own, as if the user had just signed in. For tests: development instances only.
   *
   * @throws {ApiError} 400 `request_invalid_for_environment`, 403 `user_banned` or `user_locked`, 404 `resource_not_found`
   */
  async create({ userId, activeOrganizationId }: CreateSessionInput): Promise<SessionRecord> {
    const { context, clients, users } = this.#options
    const { instance, clock, ids } = context
    if (instance.environmentType !== 'development') {
      const instead = 'Sessions are created in development instances only. In production create a sign-in token'
      throw apiError(400, 'request_invalid_for_environment', 'Invalid request for environment', instead)
    }
    return context.database.transaction(async (tx) => {
      const now = clock.now()
      const user = await users().locked(userId, tx)
      if (user.banned)
        throw apiError(403, 'user_banned', 'The user is banned', 'A banned user cannot sign in; unban the user first')
      if (isLocked(user, now))
        throw apiError(403, 'user_locked', 'The user is locked', 'A locked user cannot sign in; unlock the user first')
      // Nobody is a member of anything until organizations are served.
      if (activeOrganizationId) throw errors.resourceNotFound('organization', activeOrganizationId)
      const id = ids.next('sess')
      const client = await clients.create({ lastActiveSessionId: id }, tx)
      const session: SessionRecord = this.#newSession({ id, clientId: client.id, userId })
      await this.#store.insert(session, tx)
      const signedIn = await users().change(userId, { lastSignInAt: now, lastActiveAt: now }, tx)
      await this.#emit('session.created', session, signedIn, tx)
      return session
    })
  }

  /**
   * Writes a session as it was elsewhere, in its client or in a new one. Nobody signs in, so nothing is told.
   *
   * @throws {ApiError} 422 `form_identifier_exists` when the id is another session's
   */
  async restore({ clientId, ...given }: RestoredSession, tx: Queries): Promise<SessionRecord> {
    const session = { ...this.#newSession({ ...given, clientId: '' }), ...definedOf(given) }
    session.clientId = await this.#options.clients.ensure(clientId, session.status === 'active' ? session.id : null, tx)
    if (!(await this.#store.insertUnlessTaken(session, tx))) throw errors.identifierExists('sessions')
    return session
  }

  #newSession({ id, clientId, userId }: Pick<SessionRecord, 'id' | 'clientId' | 'userId'>): SessionRecord {
    const { instance, clock } = this.#options.context
    const now = clock.now()
    const { lifetimeSeconds, inactivitySeconds } = instance.settings.session
    return {
      id,
      instanceId: instance.id,
      clientId,
      userId,
      status: 'active',
      actor: null,
      lastActiveOrganizationId: null,
      lastActiveAt: now,
      latestActivity: null,
      firstFactorVerifiedAt: now,
      secondFactorVerifiedAt: null,
      expireAt: now + lifetimeSeconds * 1000,
      abandonAt: now + inactivitySeconds * 1000,
      createdAt: now,
      updatedAt: now,
    }
  }

  /**
   * Revokes the session. One that is over already stays as it is, and nothing is told again.
   *
   * @throws {ApiError} 404 `resource_not_found`
   */
  async revoke(id: string): Promise<SessionRecord> {
    const { context, users } = this.#options
    await context.database.transaction(async (tx) => {
      const ended = await this.#store.end({ id }, 'revoked', context.clock.now(), tx)
      for (const session of ended) await this.#ended(session, 'revoked', await users().get(session.userId, tx), tx)
    })
    return this.get(id)
  }

  /**
   * Ends every session of the user that is still signed in, each with its event. Before the user's row goes.
   *
   * @throws {ApiError} 404 `resource_not_found` when there is no such user
   */
  async endAllOf(userId: string, status: SessionEnd, tx: Queries): Promise<SessionRecord[]> {
    const { context, users } = this.#options
    // Locked, so that no session can be opened in between.
    const user = await users().locked(userId, tx)
    const ended = await this.#store.end({ userId }, status, context.clock.now(), tx)
    for (const session of ended) await this.#ended(session, status, user, tx)
    return ended
  }

  async #ended(session: SessionRecord, status: SessionEnd, user: User, tx: Queries): Promise<void> {
    await this.#options.clients.sessionEnded(session, tx)
    await this.#emit(`session.${status}`, session, user, tx)
  }

  async #emit(
    type: `session.${SessionEnd | 'created'}`,
    session: SessionRecord,
    user: User,
    tx: Queries,
  ): Promise<void> {
    const { context } = this.#options
    await context.events.emit(
      type,
      session.id,
      { ...toSessionJSON(session, context), user: toUserJSON(user, context) },
      tx,
    )
  }
}

function definedOf<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}
