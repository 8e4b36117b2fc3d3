import type { InstanceContext } from '../../instances/instance-context.js'
import { system, type Caller } from '../../kernel/caller.js'
import { apiError } from '../../kernel/errors/api-error.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Page, PageRequest } from '../../kernel/page.js'
import type { New } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import type { ClientRecords } from '../client-records/client-records.service.js'
import type { MembershipRecords } from '../organization-records/membership-records.service.js'
import { requireOrganizations } from '../organization-role-records/organization-role-records.rules.js'
import { isLocked, type User } from '../user-records/user-records.rules.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import { activityOf } from './session-activity.rules.js'
import { stateOf, statusOf } from './session-tasks.rules.js'
import type { SessionTasks } from './session-tasks.service.js'
import { abandonAtOf, isSignedIn, laterAbandonAt, statusAt } from './sessions.rules.js'
import { SessionStore, type SessionFilter } from './sessions.store.js'
import type { SessionRecord, sessions } from './sessions.table.js'
import { toSessionEventJSON } from './sessions.wire.js'

/** How a session ends before it expires. */
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

/** What is known of somebody who has just signed in, or up. */
export interface OpenSessionInput {
  /** Of a client that is stored. */
  clientId: string
  userId: string
  /** How they signed in, for `last_authentication_strategy`. Null leaves that as it is. */
  strategy: string | null
  /** Unix milliseconds; null if no factor was checked, as for somebody who acts for the user. */
  firstFactorVerifiedAt: number | null
  secondFactorVerifiedAt?: number | null
  /** Who acts for the user: `{ sub, … }`. */
  actor?: Record<string, unknown> | null
  /** Unix milliseconds. Default is the instance's lifetime of sessions from now. */
  expireAt?: number
  /** The organization to begin with. Default is the one the user has joined since, else the one that was active last. */
  organizationId?: string | undefined
}

interface SessionServiceOptions {
  context: InstanceContext
  sessionTasks: SessionTasks
  clientRecords: ClientRecords
  userRecords: UserRecords
  membershipRecords: MembershipRecords
}

export class SessionService {
  readonly #options: SessionServiceOptions
  readonly #store: SessionStore
  /** Ids of the sessions whose activity is being written. */
  readonly #noting = new Set<string>()
  readonly get: SessionStore['get']
  /** @returns undefined if there is no such session, or its user was deleted */
  readonly find: SessionStore['find']
  readonly findWithClient: SessionStore['findWithClient']

  constructor(options: SessionServiceOptions) {
    this.#options = options
    this.#store = new SessionStore(options.context)
    this.get = (id, tx) => this.#store.get(id, tx)
    this.find = (id, tx) => this.#store.find(id, tx)
    this.findWithClient = (id, by) => this.#store.findWithClient(id, by)
  }

  /** Newest first. */
  list(filter: SessionFilter, page: PageRequest & { paginated: boolean }): Promise<Page<SessionRecord>> {
    const { clock, instance } = this.#options.context
    return this.#store.pageOf(filter, page, instance.settings, clock.now())
  }

  /** In any status, oldest first. */
  listOfClients(clientIds: readonly string[], tx?: Tx): Promise<SessionRecord[]> {
    return this.#store.listOfClients(clientIds, tx)
  }

  /**
   * Opens a session in a client of its own, as if the user had just signed in. For tests: development instances only.
   * Without an active organization it begins with the one that the user has joined since, else that was active last.
   *
   * @throws {ApiError} 400 `request_invalid_for_environment`, 403 `user_banned`, `user_locked` or
   *   `organization_not_enabled_in_instance`, 404 `resource_not_found`, also for an organization that the user is not in
   */
  async create({ userId, activeOrganizationId }: CreateSessionInput, caller: Caller): Promise<SessionRecord> {
    const { context, clientRecords } = this.#options
    const { instance, clock } = context
    if (instance.environmentType !== 'development') {
      const instead = 'Sessions are created in development instances only. In production create a sign-in token'
      throw apiError(400, 'request_invalid_for_environment', 'Invalid request for environment', instead)
    }
    if (activeOrganizationId) requireOrganizations(context)
    return context.transaction(caller, async (tx) => {
      const client = await clientRecords.create({}, tx)
      const organizationId = activeOrganizationId || undefined
      const factors = { strategy: null, firstFactorVerifiedAt: clock.now() }
      return this.open({ clientId: client.id, userId, organizationId, ...factors }, tx)
    })
  }

  /**
   * Opens a session in a client for somebody who has signed in. It is pending as long as the person has something to do.
   *
   * @throws {ApiError} 403 `user_banned` or `user_locked`, 404 `resource_not_found`, also for an organization that the
   *   user is not in
   */
  async open(given: OpenSessionInput, tx: Tx): Promise<SessionRecord> {
    const { context, clientRecords, userRecords, membershipRecords } = this.#options
    const { clock, ids, instance } = context
    const { clientId, userId, strategy, organizationId, actor = null, secondFactorVerifiedAt = null } = given
    const now = clock.now()
    const user = await userRecords.locked(userId, tx)
    requireAdmitted(user, now)
    const lastActiveOrganizationId = instance.settings.organizations.enabled
      ? await membershipRecords.beginSession(userId, organizationId, now, tx)
      : null
    const id = ids.next('sess')
    const fields: New<typeof sessions> = {
      ...this.#newSession({ id, clientId, user, actor, lastActiveOrganizationId }),
      latestActivity: activityOf(tx.caller, ids),
      firstFactorVerifiedAt: given.firstFactorVerifiedAt,
      secondFactorVerifiedAt,
      ...(given.expireAt === undefined ? {} : { expireAt: given.expireAt }),
    }
    const session = (await this.#store.create(fields, tx))!
    // What a client began with is over: the attempt that led here stays readable by its id.
    const begun = { lastActiveSessionId: id, signInId: null, signUpId: null }
    await clientRecords.rotate(
      clientId,
      strategy === null ? begun : { ...begun, lastAuthenticationStrategy: strategy },
      tx,
      session,
    )
    const signedIn = await userRecords.change(userId, { lastSignInAt: now, lastActiveAt: now }, tx)
    const json = toSessionEventJSON(session, signedIn, context)
    await tx.emit(session.status === 'pending' ? 'session.pending' : 'session.created', id, json)
    return session
  }

  /**
   * Writes a session that existed elsewhere, in its client or in a new one. Nobody signs in, so no event is emitted.
   *
   * @throws {ApiError} 422 `form_identifier_exists` if the id is another session's
   */
  async restore(
    { id, userId, status, clientId, createdAt, expireAt }: RestoredSession,
    tx: Tx,
  ): Promise<SessionRecord> {
    const { clientRecords, userRecords } = this.#options
    const client = await clientRecords.restore(clientId, status === 'active' ? id : null, tx)
    const session = await this.#store.create(
      {
        ...this.#newSession({ id, clientId: client, user: await userRecords.get(userId, tx) }),
        ...(status === 'active' ? {} : { status }),
        ...(createdAt === undefined ? {} : { createdAt }),
        ...(expireAt === undefined ? {} : { expireAt }),
      },
      tx,
    )
    if (!session) throw errors.identifierExists('sessions')
    return session
  }

  /**
   * Revokes the session. One that has already ended stays as it is, without an event.
   *
   * @throws {ApiError} 404 `resource_not_found`
   */
  revoke(id: string, caller: Caller): Promise<SessionRecord> {
    return this.#options.context.transaction(caller, (tx) => this.end(id, 'revoked', tx))
  }

  /**
   * Ends the session. One that has already ended stays as it is, without an event.
   *
   * @throws {ApiError} 404 `resource_not_found`
   */
  async end(id: string, status: SessionEnd, tx: Tx): Promise<SessionRecord> {
    await this.endOnce(id, status, tx)
    return this.get(id, tx)
  }

  /** Ends the session. @returns whether this call did: false for one that is over or gone */
  async endOnce(id: string, status: SessionEnd, tx: Tx): Promise<boolean> {
    const { context, userRecords } = this.#options
    const ended = await this.#store.end({ id }, status, context.clock.now(), tx)
    for (const session of ended) await this.#ended(session, status, await userRecords.get(session.userId, tx), tx)
    return ended.length > 0
  }

  /**
   * Ends every session of the user that is still signed in, each with its event. Call it before the user's row is deleted.
   *
   * @param except the id of a session that goes on
   * @throws {ApiError} 404 `resource_not_found` if there is no such user
   */
  async endAllOf(userId: string, status: SessionEnd, tx: Tx, except?: string): Promise<SessionRecord[]> {
    const { context, userRecords } = this.#options
    // Locked, so that no session can be opened in between.
    const user = await userRecords.locked(userId, tx)
    const ended = await this.#store.end({ userId, except }, status, context.clock.now(), tx)
    for (const session of ended) await this.#ended(session, status, user, tx)
    return ended
  }

  /** Sessions of whoever left the organization, or of everybody when it is deleted, go on without it. */
  async leaveOrganization(which: { organizationId: string; userId?: string }, tx: Tx): Promise<void> {
    const { context, sessionTasks, userRecords } = this.#options
    const now = context.clock.now()
    for (const session of await this.#store.clearOrganization(which, now, tx)) {
      if (!isSignedIn(session, now) || this.#isSettled(session)) continue
      await sessionTasks.settle(session, {}, await userRecords.get(session.userId, tx), tx)
    }
  }

  /**
   * The session as it is with the settings of now. Call it before its browser gets a token or an answer: with settings
   * that have changed it may be active or pending since, and the application is told once.
   *
   * @param session signed in
   */
  async settled(session: SessionRecord): Promise<SessionRecord> {
    if (this.#isSettled(session)) return session
    const { context, sessionTasks, userRecords } = this.#options
    // Another node may know newer settings, and have told the application.
    await context.refreshInstance()
    if (this.#isSettled(session)) return session
    return context.transaction(system('sessions'), async (tx) => {
      const current = await this.#store.locked(session.id, tx)
      if (!isSignedIn(current, context.clock.now())) return current
      return sessionTasks.settle(current, {}, await userRecords.get(current.userId, tx), tx)
    })
  }

  /** Ends every session of the instance that is still signed in, each with its event. */
  async endAll(status: SessionEnd, tx: Tx): Promise<void> {
    for (const userId of await this.#store.signedInUsers(this.#options.context.clock.now(), tx)) {
      await this.endAllOf(userId, status, tx)
    }
  }

  /**
   * Notes that somebody is there: the time without activity begins anew. Nobody waits for it, since others may hold the
   * session's row or the database. What could not be noted is left to the next request.
   *
   * @param session signed in
   */
  noteActivity(session: SessionRecord): void {
    const { context } = this.#options
    const { id } = session
    const now = context.clock.now()
    const abandonAt = laterAbandonAt(session, context.instance.settings.session, now)
    if (abandonAt === undefined || this.#noting.has(id)) return
    this.#noting.add(id)
    context
      .transaction(system('sessions'), (tx) => this.#store.stayAwake(id, abandonAt, now, tx))
      .catch((error: unknown) =>
        context.logger.warn({ err: error, sessionId: id }, 'The activity of a session could not be noted'),
      )
      .finally(() => this.#noting.delete(id))
  }

  async #ended(session: SessionRecord, status: SessionEnd, user: User, tx: Tx): Promise<void> {
    await this.#options.clientRecords.sessionEnded(session, tx)
    await tx.emit(`session.${status}`, session.id, toSessionEventJSON(session, user, this.#options.context), ['status'])
  }

  #isSettled(session: SessionRecord): boolean {
    const { clock, instance } = this.#options.context
    return statusAt(session, instance.settings, clock.now()) === session.status
  }

  #newSession({
    user,
    actor = null,
    lastActiveOrganizationId = null,
    ...ids
  }: Pick<SessionRecord, 'id' | 'clientId'> &
    Partial<Pick<SessionRecord, 'actor' | 'lastActiveOrganizationId'>> & { user: User }): New<typeof sessions> {
    const { instance, clock } = this.#options.context
    const now = clock.now()
    const { session } = instance.settings
    const owing = { actor, lastActiveOrganizationId, ...stateOf(user) }
    return {
      ...ids,
      ...owing,
      userId: user.id,
      status: statusOf(owing, instance.settings),
      lastActiveAt: now,
      firstFactorVerifiedAt: now,
      expireAt: now + session.lifetimeSeconds * 1000,
      abandonAt: abandonAtOf({ actor }, session, now),
    }
  }
}

/** @throws {ApiError} 403 `user_banned` or `user_locked` */
function requireAdmitted(user: User, now: number): void {
  if (user.banned) {
    throw apiError(403, 'user_banned', 'The user is banned', 'A banned user cannot sign in; unban the user first')
  }
  if (isLocked(user, now)) {
    throw apiError(403, 'user_locked', 'The user is locked', 'A locked user cannot sign in; unlock the user first')
  }
}
