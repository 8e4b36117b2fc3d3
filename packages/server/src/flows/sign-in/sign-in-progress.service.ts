import type { InstanceContext } from '../../instances/instance-context.js'
import type { CallerOf } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import { parseUserAgent } from '../../kernel/user-agent.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import type { ClientRecords } from '../../resources/client-records/client-records.service.js'
import type { LockoutService } from '../../resources/lockout/lockout.service.js'
import type { OrganizationInvitationService } from '../../resources/organization-invitations/organization-invitations.service.js'
import type { SessionLinkService } from '../../resources/session-links/session-links.service.js'
import type { SessionService } from '../../resources/sessions/sessions.service.js'
import type { SessionRecord } from '../../resources/sessions/sessions.table.js'
import { contactOf } from '../../resources/user-records/contact.rules.js'
import type { User } from '../../resources/user-records/user-records.rules.js'
import type { UserRecords } from '../../resources/user-records/user-records.service.js'
import type { Changes, New } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { next } from '../moves.js'
import { signInErrors, signInRefusals } from './sign-in.errors.js'
import type { SignInIdentities } from './sign-in-identities.service.js'
import { firstStatus, signInMoves, type SignInMove, type SignInState } from './sign-in.moves.js'
import type { SignInOffers } from './sign-in-offers.service.js'
import { ABANDONED_AFTER, isOpen, standsForBoth, statusAt } from './sign-ins.rules.js'
import { SignInStore } from './sign-ins.store.js'
import type { SignInRecord, signIns } from './sign-ins.table.js'

export type Browser = CallerOf<'client'>

interface SignInProgressOptions {
  context: InstanceContext
  clientRecords: ClientRecords
  userRecords: UserRecords
  sessions: SessionService
  lockout: LockoutService
  offers: SignInOffers
  identities: SignInIdentities
  organizationInvitations: OrganizationInvitationService
  messages: MessageOutbox
  sessionLinks: SessionLinkService
}

/** What the session of a sign-in has beside its user. */
export interface SessionDetails {
  /** Who acts for the user. */
  actor?: Record<string, unknown>
  /** Unix milliseconds. */
  expireAt?: number
  organizationId?: string | undefined
}

/** What a new sign-in is without. */
const EMPTY = {
  isDecoy: false,
  signUpIfMissing: false,
  isTransferable: false,
  isCodeFresh: false,
  passwordReset: false,
}

/** Takes sign-ins from one status to the next, and opens the session at the end. The only place that changes a status. */
export class SignInProgress {
  readonly #store: SignInStore

  constructor(private readonly options: SignInProgressOptions) {
    this.#store = new SignInStore(options.context)
  }

  /**
   * The sign-in of the client, locked with it.
   *
   * @throws {ApiError} 404 `resource_not_found` for another client's, 403 `resource_forbidden` for one that was replaced,
   *   400 `sign_in_identification_or_user_deleted`, 401 `signed_out` for an older cookie than that of the last step
   */
  async current(id: string, caller: Browser, tx: Tx): Promise<SignInRecord> {
    const { clientId } = caller
    const client = await this.options.clientRecords.current(caller, tx)
    const signIn = await this.#store.locked(id, tx)
    if (signIn.clientId !== clientId) throw errors.resourceNotFound('sign-in', id)
    const status = statusAt(signIn, this.options.context.clock.now())
    if (status === 'complete' || status === 'abandoned') return signIn
    if (client.signInId !== id) throw signInErrors.replaced()
    const isWithoutUser = status !== firstStatus && signIn.userId === null && !signIn.isDecoy
    if (isWithoutUser && !isOpen(signIn)) throw signInErrors.userDeleted()
    return signIn
  }

  /** @throws {ApiError} 400 `client_state_invalid` if the status does not allow the move, whatever is proved */
  requireMove(signIn: SignInRecord, move: SignInMove): void {
    const status = statusAt(signIn, this.options.context.clock.now())
    if (signInMoves[status][move]) return
    const reason = `${move} is not possible while the status is ${status}`
    throw signInErrors.refused({ code: 'client_state_invalid', reason })
  }

  /**
   * Writes a new sign-in, which becomes the client's current one. Lock the client first.
   *
   * @param user undefined for a decoy, and while nobody is identified
   */
  async begin(
    fields: Partial<New<typeof signIns>> & Pick<SignInRecord, 'clientId'>,
    user: User | undefined,
    tx: Tx,
  ): Promise<SignInRecord> {
    const { context, clientRecords } = this.options
    const { clientId, isDecoy = false } = fields
    const isIdentified = user !== undefined || isDecoy
    const created = (await this.#store.create(
      {
        ...EMPTY,
        status: isIdentified ? 'needs_first_factor' : firstStatus,
        ...fields,
        userId: user?.id ?? null,
        clientTrustState: await this.#trustOf(clientId, user, isIdentified, tx),
        abandonAt: context.clock.now() + ABANDONED_AFTER,
      },
      tx,
    ))!
    await clientRecords.change(clientId, { signInId: created.id }, tx)
    return created
  }

  /**
   * Makes a move with what was proved.
   *
   * @throws {ApiError} 400 for a move that is not possible, and what `requireNoSession`,
   *   `SessionService.open` and `OrganizationInvitationService.acceptIn` throw
   */
  async take(
    signIn: SignInRecord,
    move: SignInMove,
    changes: Changes<typeof signIns>,
    tx: Tx,
    details: SessionDetails = {},
  ): Promise<SignInRecord> {
    const { context, clientRecords, userRecords, identities, lockout, organizationInvitations } = this.options
    const user = await userRecords.locked(signIn.userId!, tx)
    const after = { ...signIn, ...changes }
    if (isOutdated(after, user)) throw signInErrors.refused(signInRefusals.passwordChanged)
    const status = statusAt(signIn, context.clock.now())
    const outcome = next(signInMoves, status, move, this.#stateOf(after, user), context.instance.settings)
    if (typeof outcome !== 'string') throw signInErrors.refused(outcome)
    if (move === 'attempt_first_factor' && after.secondFactor !== 'ticket') {
      await identities.check(user, signIn.identifier, tx)
    }
    if (outcome !== 'complete') {
      if (outcome !== status) await clientRecords.protect(signIn.clientId, tx)
      return this.#store.step(signIn.id, { ...changes, status: outcome }, tx)
    }
    await this.requireNoSession(signIn.clientId, user.id, tx)
    // A first factor alone does not reset the count where a second one is due: here all that is due is proved.
    if (!details.actor) await lockout.reset(user, tx)
    const isNewDevice = !details.actor && (await this.#isNewDevice(after, user, tx))
    const joined =
      after.invitationId === null ? undefined : await organizationInvitations.acceptIn(after.invitationId, user.id, tx)
    const opened = joined ? { ...details, organizationId: joined.organizationId } : details
    const session = await this.#open(after, user, opened, tx)
    if (isNewDevice) await this.#tellOfNewDevice(after, user, session, tx)
    return this.#store.step(signIn.id, { ...changes, status: outcome, createdSessionId: session.id }, tx)
  }

  /**
   * @param userId null while nobody is identified
   * @throws {ApiError} 400 `session_exists`, `identifier_already_signed_in`, 409 `session_creation_not_allowed`
   */
  async requireNoSession(clientId: string, userId: string | null, tx?: Tx): Promise<void> {
    const { clock, instance } = this.options.context
    const held = await this.#store.sessionsIn(clientId, clock.now(), tx)
    if (held.some(({ actor }) => actor !== null)) throw signInErrors.impersonationPresent()
    const [any] = held
    if (any && instance.settings.auth.singleSessionMode) throw signInErrors.sessionExists(any.id)
    const own = held.find((session) => session.userId === userId)
    if (own) throw signInErrors.alreadySignedIn(own.id)
  }

  /** For somebody who acts for a user. @throws {ApiError} 400 `session_exists`, 409 `session_creation_not_allowed` */
  async requireAlone(clientId: string, tx: Tx): Promise<void> {
    await this.requireNoSession(clientId, null, tx)
    const [any] = await this.#store.sessionsIn(clientId, this.options.context.clock.now(), tx)
    if (any) throw signInErrors.sessionExists(any.id)
  }

  #stateOf(signIn: SignInRecord, user: User): SignInState {
    const { offers } = this.options
    return {
      identified: true,
      firstFactor: signIn.firstFactor,
      secondFactorNeeded: offers.needsSecondFactor(user),
      secondFactor: signIn.secondFactor,
      passwordReset: signIn.passwordReset,
      clientTrust: signIn.clientTrustState ?? 'known',
      reachable: offers.of('clientTrust', user).length > 0,
    }
  }

  async #trustOf(clientId: string, user: User | undefined, isIdentified: boolean, tx: Tx) {
    if (!this.options.context.instance.settings.auth.clientTrust) return null
    if (!isIdentified) return 'pending'
    if (!user) return 'new'
    return user.bypassClientTrust || (await this.#store.isKnownClient(clientId, user.id, tx)) ? 'known' : 'new'
  }

  /** Not at the first sign-in of all: nobody needs to be told of the device that they open their account with. */
  async #isNewDevice({ clientId }: SignInRecord, user: User, tx: Tx): Promise<boolean> {
    return user.lastSignInAt !== null && !(await this.#store.isKnownClient(clientId, user.id, tx))
  }

  async #tellOfNewDevice({ firstFactor }: SignInRecord, user: User, session: SessionRecord, tx: Tx): Promise<void> {
    const to = contactOf(user)
    if (!to) return
    const { browser, kind, device } = parseUserAgent(tx.caller.userAgent)
    const seen = { browser: browser?.name, kind, device, ipAddress: tx.caller.ipAddress }
    const link = this.options.sessionLinks.linkTo(session, tx.caller)
    await this.options.messages.newDeviceSignIn(to, { strategy: firstFactor!, ...seen, link }, tx)
  }

  async #open(
    { clientId, firstFactor, firstFactorVerifiedAt, ...signIn }: SignInRecord,
    user: User,
    { actor, ...details }: SessionDetails,
    tx: Tx,
  ): Promise<SessionRecord> {
    const { context, offers } = this.options
    const isBoth = standsForBoth(firstFactor!, context.instance.settings) && offers.needsSecondFactor(user)
    const secondFactorVerifiedAt = isBoth ? firstFactorVerifiedAt : signIn.secondFactorVerifiedAt
    // Whoever acts for the user proved no factor of theirs.
    const factors = actor
      ? { strategy: null, firstFactorVerifiedAt: null, actor }
      : { strategy: shownStrategy(firstFactor!), firstFactorVerifiedAt, secondFactorVerifiedAt }
    return this.options.sessions.open({ clientId, userId: user.id, ...factors, ...details }, tx)
  }
}

/** Whoever knew the password that the user has replaced since must not get in with it. */
function isOutdated({ firstFactor, firstFactorVerifiedAt }: SignInRecord, { passwordUpdatedAt }: User): boolean {
  return firstFactor === 'password' && (passwordUpdatedAt ?? 0) > (firstFactorVerifiedAt ?? 0)
}

/** In `last_authentication_strategy`, which tells people what they signed in with: after a reset, a password. */
function shownStrategy(strategy: string): string {
  return strategy.startsWith('reset_password_') ? 'password' : strategy
}
