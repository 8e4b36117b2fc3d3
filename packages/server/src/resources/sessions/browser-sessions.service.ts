import type { InstanceContext } from '../../instances/instance-context.js'
import type { CallerOf } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Tx } from '../../storage/tx.js'
import { isShown } from '../client-records/client-cookies.rules.js'
import type { ClientRecords } from '../client-records/client-records.service.js'
import { organizationAccessErrors } from '../organization-access/organization-access.errors.js'
import type { MembershipRecords } from '../organization-records/membership-records.service.js'
import type { OrganizationRecords } from '../organization-records/organization-records.service.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import { activityOf } from './session-activity.rules.js'
import type { SessionTasks } from './session-tasks.service.js'
import type { SessionTokenService } from './session-tokens.service.js'
import { abandonAtOf, isSignedIn } from './sessions.rules.js'
import type { SessionEnd, SessionService } from './sessions.service.js'
import { SessionStore, type ReadSession } from './sessions.store.js'
import type { SessionRecord } from './sessions.table.js'

export interface TouchInput {
  /** An id or a slug; null or empty for none; undefined leaves it. */
  activeOrganizationId?: string | null | undefined
}

export interface BrowserTokenInput {
  /** As for `touch`, for this token alone. */
  organizationId?: string | null | undefined
  /** The origin of the page. */
  origin: string | undefined
}

/** Unix milliseconds. */
export type FactorTimes = Partial<Pick<SessionRecord, 'firstFactorVerifiedAt' | 'secondFactorVerifiedAt'>>

interface BrowserSessionOptions {
  context: InstanceContext
  sessionTasks: SessionTasks
  sessions: SessionService
  sessionTokens: SessionTokenService
  clientRecords: ClientRecords
  userRecords: UserRecords
  membershipRecords: MembershipRecords
  organizationRecords: OrganizationRecords
}

type Browser = CallerOf<'client'>
/** The organization is there if it was read with the session. */
type HeldSession = Pick<ReadSession, 'session' | 'organization'>

/** Milliseconds that a session need not be read again: a node knows within a second of one that was ended elsewhere. */
const FRESH = 1000

/** Sessions as the browser that holds them uses them. Those of other browsers do not exist for it. */
export class BrowserSessionService {
  readonly #store: SessionStore
  readonly #readWith = new WeakMap<object, ReadSession>()

  constructor(private readonly options: BrowserSessionOptions) {
    this.#store = new SessionStore(options.context)
  }

  /** Call it with a session that was read as the browser was recognized: it need not be read again for the first step. */
  readWith(caller: object, read: ReadSession): void {
    this.#readWith.set(caller, read)
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async get(id: string, caller: Browser, tx?: Tx): Promise<SessionRecord> {
    return (await this.#held(id, caller, tx)).session
  }

  /**
   * Makes it the active session of its browser, with the organization that is to be active in it.
   *
   * @throws {ApiError} 404 `resource_not_found` if it is over; 404 `organization_not_found_or_unauthorized`
   */
  async touch(id: string, { activeOrganizationId: wanted }: TouchInput, caller: Browser): Promise<SessionRecord> {
    const { context, clientRecords, membershipRecords, organizationRecords } = this.options
    const { session: read } = await this.#signedIn(id, caller)
    const touched = await context.transaction(caller, async (tx) => {
      const now = context.clock.now()
      const before = await this.get(id, caller, tx)
      const chosen = await this.#organizationOf(before, wanted, tx)
      const isEntered = chosen !== null && chosen !== before.lastActiveOrganizationId
      if (isEntered) {
        // The organization's row before the session's, as where members leave: the other way round, each could wait for
        // the other. Under its lock whoever is still a member stays one until the session says so.
        await organizationRecords.seen(chosen, now, tx)
        await this.#organizationOf(before, chosen, tx)
      }
      const session = await this.#store.locked(id, tx)
      const isUnchanged = session.lastActiveOrganizationId === before.lastActiveOrganizationId
      const organizationId = isEntered || isUnchanged ? chosen : await this.#organizationOf(session, wanted, tx)
      const changed = await this.#settle(
        session,
        {
          lastActiveOrganizationId: organizationId,
          lastActiveAt: now,
          abandonAt: Math.max(session.abandonAt, abandonAtOf(session, context.instance.settings.session, now)),
          latestActivity: activityOf(caller, context.ids),
        },
        tx,
      )
      const client = await clientRecords.get(session.clientId, tx)
      if (client.lastActiveSessionId !== id) await clientRecords.change(client.id, { lastActiveSessionId: id }, tx)
      return changed
    })
    const { lastActiveOrganizationId: active, userId, actor } = touched
    // Whoever acts in the user's name leaves nothing behind in the user's own sessions.
    if (active !== read.lastActiveOrganizationId && actor === null) {
      // By itself: beside the session's row, those of other memberships could be waited for by who deletes them.
      await context.transaction(caller, (tx) => membershipRecords.madeActive(active, userId, tx))
    }
    return touched
  }

  /**
   * Notes when the session's factors were checked last.
   *
   * @throws {ApiError} 404 `resource_not_found` if it is over
   */
  async verified(id: string, factors: FactorTimes, tx: Tx): Promise<SessionRecord> {
    return this.#settle(await this.#store.locked(id, tx), factors, tx)
  }

  /**
   * Goes on with an organization that the user has just joined, where it is the only one that they can have.
   *
   * @throws {ApiError} 404 `resource_not_found` if the session is over
   */
  async joined(id: string, organizationId: string, tx: Tx): Promise<void> {
    const { context, organizationRecords } = this.options
    if (!context.instance.settings.organizations.exclusiveMembership) return
    await organizationRecords.seen(organizationId, context.clock.now(), tx)
    await this.#settle(await this.#store.locked(id, tx), { lastActiveOrganizationId: organizationId }, tx)
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async end(id: string, how: SessionEnd, caller: Browser): Promise<SessionRecord> {
    const { context, sessions } = this.options
    await this.get(id, caller)
    return context.transaction(caller, async (tx) => {
      const ended = await sessions.end(id, how, tx)
      await this.sessionsEnded(caller.clientId, tx)
      return ended
    })
  }

  /** Call it once sessions of the browser have ended: another one becomes its active session, if there is one. */
  async sessionsEnded(clientId: string, tx: Tx): Promise<void> {
    const remaining = await this.#signedInOf(clientId, tx)
    await this.options.clientRecords.rotate(clientId, { lastActiveSessionId: remaining[0]?.id ?? null }, tx)
  }

  /** Ends every session of the browser. */
  async endAll(caller: Browser, tx: Tx): Promise<void> {
    for (const { id } of await this.#signedInOf(caller.clientId, tx)) await this.options.sessions.end(id, 'removed', tx)
  }

  /**
   * @param template the name of a JWT template; without one it is a session token
   * @throws {ApiError} 404 `resource_not_found` if the session is over, or there is no such template; 404
   *   `organization_not_found_or_unauthorized`
   */
  async token(
    id: string,
    { organizationId, origin }: BrowserTokenInput,
    caller: Browser,
    template?: string,
  ): Promise<string> {
    const { context, sessionTokens } = this.options
    const { session, organization } = await this.#signedIn(id, caller)
    const { claimsVersion } = context.instance.settings.session
    if (template !== undefined) return sessionTokens.createFromTemplate(id, template, { authorizedParty: origin })
    const wanted = organizationId === organization?.id ? undefined : organizationId
    const activeOrganizationId = await this.#organizationOf(session, wanted)
    const input = { claimsVersion, activeOrganizationId, organization, authorizedParty: origin }
    return sessionTokens.mintForBrowser(session, input)
  }

  /** Once, as a later step may have changed it, and not after a body that was long in coming. */
  #takeRead(id: string, caller: Browser): ReadSession | undefined {
    const read = this.#readWith.get(caller)
    this.#readWith.delete(caller)
    return read?.session.id === id && performance.now() - read.readAt < FRESH ? read : undefined
  }

  async #held(id: string, caller: Browser, tx?: Tx): Promise<HeldSession> {
    const read = tx ? undefined : this.#takeRead(id, caller)
    const session = read?.session ?? (await this.options.sessions.find(id, tx))
    const isHeld = session?.clientId === caller.clientId && isShown(session, caller.cookie)
    if (!isHeld) throw errors.resourceNotFound('session', id)
    return { session, organization: read?.organization }
  }

  async #signedIn(id: string, caller: Browser): Promise<HeldSession> {
    const held = await this.#held(id, caller)
    if (!isSignedIn(held.session, this.options.context.clock.now())) throw errors.resourceNotFound('active session', id)
    return held
  }

  /** Signed in, the one used last first. */
  async #signedInOf(clientId: string, tx: Tx): Promise<SessionRecord[]> {
    const now = this.options.context.clock.now()
    const held = await this.#store.list({ clientId }, tx)
    return held.filter((session) => isSignedIn(session, now)).sort((a, b) => b.lastActiveAt - a.lastActiveAt)
  }

  async #organizationOf(session: SessionRecord, wanted: string | null | undefined, tx?: Tx): Promise<string | null> {
    const { context, membershipRecords, organizationRecords } = this.options
    const { enabled, personalAccountsEnabled } = context.instance.settings.organizations
    if (!enabled || wanted === undefined) return enabled ? session.lastActiveOrganizationId : null
    if (wanted === null || wanted === '') return personalAccountsEnabled ? null : session.lastActiveOrganizationId
    const organization =
      (await organizationRecords.find(wanted, tx)) ?? (await organizationRecords.findBySlug(wanted, tx))
    const isMember = organization && (await membershipRecords.has(organization.id, session.userId, tx))
    if (!isMember) throw organizationAccessErrors.notFoundOrUnauthorized()
    return organization.id
  }

  async #settle(session: SessionRecord, changes: Partial<SessionRecord>, tx: Tx): Promise<SessionRecord> {
    const { context, sessionTasks, userRecords } = this.options
    // It may have ended since it was read.
    if (!isSignedIn(session, context.clock.now())) throw errors.resourceNotFound('active session', session.id)
    return sessionTasks.settle(session, changes, await userRecords.get(session.userId, tx), tx)
  }
}
