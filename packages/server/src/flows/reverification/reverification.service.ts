import type { Attempt, AttemptParams, Factor, Offer, PrepareParams } from '../../factors/factor.js'
import { factorErrors } from '../../factors/factors.errors.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { CallerOf } from '../../kernel/caller.js'
import type { ApiError } from '../../kernel/errors/api-error.js'
import { errors } from '../../kernel/errors/errors.js'
import { attemptsLeft, lockSecondsLeft } from '../../resources/lockout/lockout.rules.js'
import type { SessionReverificationRecords } from '../../resources/session-reverifications/session-reverifications.service.js'
import type { VerificationRecord } from '../../resources/verifications/verifications.table.js'
import type { SessionReverificationRecord } from '../../resources/session-reverifications/session-reverifications.table.js'
import { stepUpErrors } from '../../resources/session-reverifications/step-up.errors.js'
import type { BrowserSessionService } from '../../resources/sessions/browser-sessions.service.js'
import type { SessionViewService } from '../../resources/sessions/session-views.service.js'
import { isSignedIn } from '../../resources/sessions/sessions.rules.js'
import type { SessionRecord } from '../../resources/sessions/sessions.table.js'
import type { User } from '../../resources/user-records/user-records.rules.js'
import type { UserRecords } from '../../resources/user-records/user-records.service.js'
import { verificationErrors } from '../../resources/verifications/verifications.errors.js'
import type { VerificationService } from '../../resources/verifications/verifications.service.js'
import type { Tx } from '../../storage/tx.js'
import { next } from '../moves.js'
import type { SignInOffers } from '../sign-in/sign-in-offers.service.js'
import { signInErrors, wrongProof } from '../sign-in/sign-in.errors.js'
import { standsForBoth } from '../sign-in/sign-ins.rules.js'
import { reverificationErrors, reverificationRefusals } from './reverification.errors.js'
import {
  firstStatusOf,
  levelFor,
  reverificationMoves,
  type ReverificationLevel,
  type ReverificationMove,
} from './reverification.moves.js'
import { canProveSecondFactor, STRATEGIES } from './reverification.rules.js'
import type { ReverificationView } from './reverification.wire.js'

type Browser = CallerOf<'client'>
type Stage = 'first' | 'second'

interface ReverificationOptions {
  context: InstanceContext
  offers: SignInOffers
  reverifications: SessionReverificationRecords
  browserSessions: BrowserSessionService
  sessionViews: SessionViewService
  userRecords: UserRecords
  verifications: VerificationService
}

export interface ReverificationPrepareInput extends PrepareParams {
  strategy: string
}

export interface ReverificationAttemptInput extends Omit<AttemptParams, 'signal'> {
  strategy: string
}

/** Step-up: the user of a session proves factors again before something sensitive. */
export class ReverificationService {
  constructor(private readonly options: ReverificationOptions) {}

  /**
   * Starts one, in place of one that was started before.
   *
   * @throws {ApiError} 404 `resource_not_found` for a session that is another browser's or over, 403 `resource_forbidden`
   *   for somebody who acts for the user
   */
  async start(
    sessionId: string,
    wanted: ReverificationLevel,
    caller: Browser,
    origin: string | undefined,
  ): Promise<ReverificationView> {
    const { context, reverifications, userRecords } = this.options
    const { userId } = await this.#session(sessionId, caller)
    const begun = await context.transaction(caller, async (tx) => {
      const user = await userRecords.locked(userId, tx)
      const level = levelFor(wanted, canProveSecondFactor(user, context.instance.settings))
      return reverifications.begin({ sessionId, level, status: firstStatusOf(level) }, tx)
    })
    return this.#view(begun, caller, origin)
  }

  /**
   * @throws {ApiError} as `start` does; 400 `session_reverification_missing`, `invalid_action_for_session_reverification`,
   *   `strategy_for_user_invalid`, 422 for a strategy or an address that is none, 429 for a code within 30 seconds
   */
  async prepare(
    sessionId: string,
    stage: Stage,
    { strategy, ...to }: ReverificationPrepareInput,
    caller: Browser,
    origin: string | undefined,
  ): Promise<ReverificationView> {
    const { context, reverifications, userRecords, verifications } = this.options
    const { userId } = await this.#session(sessionId, caller)
    const move = `prepare_${stage}_factor` as const
    requireMove(await this.#current(sessionId), move)
    const factor = this.#factor(stage, strategy)
    if (!factor.prepare) throw signInErrors.strategyInvalid(strategy)
    const prepare = factor.prepare.bind(factor)
    const changed = await context.transaction(caller, async (tx) => {
      const user = await userRecords.locked(userId, tx)
      const current = await this.#current(sessionId, tx)
      requireMove(current, move)
      const state = { ...stateOf(current), hasSecondFactor: canProveSecondFactor(user, context.instance.settings) }
      const outcome = next(reverificationMoves, current.status, move, state, context.instance.settings)
      if (typeof outcome !== 'string') throw reverificationErrors.refused(outcome)
      // Nothing is sent for a passkey.
      if (strategy !== 'passkey') {
        const target = to.emailAddressId ?? to.phoneNumberId
        verifications.onItsWay(await verifications.findNewest(current.id, strategy, tx, target))
      }
      const { id } = await prepare({ kind: 'session', id: current.id }, user, { ...to, origin }, tx)
      const changes = stage === 'first' ? { firstFactorVerificationId: id } : { secondFactorVerificationId: id }
      return reverifications.step(current.id, changes, tx)
    })
    return this.#view(changed, caller, origin)
  }

  /**
   * @throws {ApiError} as `prepare` does; 422 for a wrong proof, 400 for a code that no longer counts, 403 `user_locked`
   */
  async attempt(
    sessionId: string,
    stage: Stage,
    { strategy, ...given }: ReverificationAttemptInput,
    caller: Browser,
    origin: string | undefined,
  ): Promise<ReverificationView> {
    const { context, userRecords } = this.options
    const { userId } = await this.#session(sessionId, caller)
    const move = `attempt_${stage}_factor` as const
    const before = await this.#current(sessionId)
    requireMove(before, move)
    const factor = this.#factor(stage, strategy)
    const subject = { kind: 'session' as const, id: before.id }
    const proof = factor.read({ ...given, origin, signal: caller.signal?.() })
    const settle = await proof(subject, await userRecords.get(userId))
    const { attempt, user, changed } = await context.transaction(caller, async (tx) => {
      await userRecords.locked(userId, tx)
      const current = await this.#current(sessionId, tx)
      if (current.id !== before.id) throw reverificationErrors.missing()
      requireMove(current, move)
      const attempt = await settle(tx)
      const user = await userRecords.get(userId, tx)
      if (attempt.status !== 'verified') return { attempt, user, changed: current }
      return { attempt, user, changed: await this.#proved(current, stage, attempt.verification, user, tx) }
    })
    if (attempt.status !== 'verified') throw this.#refusal(attempt, user, { stage, strategy, current: changed })
    return this.#view(changed, caller, origin)
  }

  /** Leads on after a proof, and makes the session's factors fresh at the end. */
  async #proved(
    current: SessionReverificationRecord,
    stage: Stage,
    { id: verificationId, strategy }: VerificationRecord,
    user: User,
    tx: Tx,
  ): Promise<SessionReverificationRecord> {
    const { context, reverifications, browserSessions } = this.options
    const { settings } = context.instance
    const now = context.clock.now()
    const hasSecondFactor = canProveSecondFactor(user, settings)
    const isBoth = hasSecondFactor && standsForBoth(strategy, settings)
    const changes =
      stage === 'first'
        ? {
            firstFactorVerificationId: verificationId,
            firstFactorVerifiedAt: now,
            ...(isBoth ? { secondFactorVerifiedAt: now } : {}),
          }
        : { secondFactorVerificationId: verificationId, secondFactorVerifiedAt: now }
    const after = { ...current, ...changes }
    const state = { ...stateOf(after), hasSecondFactor }
    const status = next(reverificationMoves, current.status, `attempt_${stage}_factor`, state, settings)
    if (typeof status !== 'string') throw reverificationErrors.refused(status)
    if (status === 'complete') {
      const { firstFactorVerifiedAt: first, secondFactorVerifiedAt: second } = after
      const factors = {
        ...(first === null ? {} : { firstFactorVerifiedAt: first }),
        ...(second === null ? {} : { secondFactorVerifiedAt: second }),
      }
      await browserSessions.verified(current.sessionId, factors, tx)
    }
    return reverifications.step(current.id, { ...changes, status }, tx)
  }

  #refusal(
    attempt: Exclude<Attempt, { status: 'verified' }>,
    user: User,
    { stage, strategy, current }: { stage: Stage; strategy: string; current: SessionReverificationRecord },
  ): ApiError {
    const { clock, instance } = this.options.context
    const now = clock.now()
    switch (attempt.status) {
      case 'wrong':
        return wrongProof(strategy, { strict: false, remaining: attemptsLeft(user, instance.settings, now) })
      case 'locked':
        return signInErrors.locked(lockSecondsLeft(user, now))
      case 'unsupported':
        return stage === 'second' && !canProveSecondFactor(user, instance.settings)
          ? reverificationErrors.refused(reverificationRefusals.noSecondFactors)
          : factorErrors.strategyForUserInvalid(strategy)
      case 'refused':
        return attempt.error
      case 'expired':
        return signInErrors.verificationExpired()
      case 'failed':
        return signInErrors.verificationFailed()
      case 'already_verified':
        return verificationErrors.alreadyVerified()
      case 'compromised':
        return reverificationErrors.passwordCompromised()
      case 'uncheckable':
        return factorErrors.passwordResetRequired()
      case 'missing': {
        const prepared = stage === 'first' ? current.firstFactorVerificationId : current.secondFactorVerificationId
        return prepared ? signInErrors.strategyInvalid(strategy) : signInErrors.verificationMissing()
      }
    }
  }

  /** @throws {ApiError} 400 `session_reverification_missing` */
  async #current(sessionId: string, tx?: Tx): Promise<SessionReverificationRecord> {
    const found = await this.options.reverifications.find(sessionId, tx)
    const isOver = found && found.status !== 'complete' && found.expireAt <= this.options.context.clock.now()
    if (!found || isOver) throw reverificationErrors.missing()
    return found
  }

  async #session(id: string, caller: Browser): Promise<SessionRecord> {
    const { context, browserSessions } = this.options
    const session = await browserSessions.get(id, caller)
    if (!isSignedIn(session, context.clock.now())) throw errors.resourceNotFound('active session', id)
    if (session.actor !== null) throw stepUpErrors.impersonated()
    return session
  }

  #factor(stage: Stage, strategy: string): Factor {
    if (!STRATEGIES[stage].has(strategy)) throw signInErrors.strategyUnavailable(strategy)
    return this.options.offers.factor(stage, strategy)
  }

  async #view(
    reverification: SessionReverificationRecord,
    caller: Browser,
    origin: string | undefined,
  ): Promise<ReverificationView> {
    const { browserSessions, sessionViews } = this.options
    const record = await browserSessions.get(reverification.sessionId, caller)
    const { session, user, lastActiveToken } = await sessionViews.view(record, {
      origin,
      since: record.updatedAt,
    })
    const { level, status, firstFactorVerificationId, secondFactorVerificationId } = reverification
    const isSecondDue = status === 'needs_second_factor' || secondFactorVerificationId !== null
    return {
      reverification,
      firstFactors: level === 'second_factor' ? null : this.#offersOf('first', user),
      secondFactors: isSecondDue ? this.#offersOf('second', user) : null,
      firstVerification: await this.#verification(firstFactorVerificationId),
      secondVerification: await this.#verification(secondFactorVerificationId),
      session,
      lastActiveToken,
    }
  }

  #offersOf(stage: Stage, user: User): Offer[] {
    return this.options.offers.of(stage, user).filter(({ strategy }) => STRATEGIES[stage].has(strategy))
  }

  async #verification(id: string | null) {
    return id === null ? null : ((await this.options.verifications.find(id)) ?? null)
  }
}

/** @throws {ApiError} 400 `invalid_action_for_session_reverification` if the status does not allow the move */
function requireMove({ status }: SessionReverificationRecord, move: ReverificationMove): void {
  if (!reverificationMoves[status][move]) throw reverificationErrors.invalidAction(status)
}

function stateOf({ level, firstFactorVerifiedAt, secondFactorVerifiedAt }: SessionReverificationRecord) {
  return {
    level,
    firstFactorProved: firstFactorVerifiedAt !== null,
    secondFactorProved: secondFactorVerifiedAt !== null,
  }
}
