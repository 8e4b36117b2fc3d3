import { factorErrors } from '../../factors/factors.errors.js'
import type { Attempt, AttemptParams, PrepareParams, Settle } from '../../factors/factor.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { ApiError } from '../../kernel/errors/api-error.js'
import { errors } from '../../kernel/errors/errors.js'
import { attemptsLeft, lockSecondsLeft } from '../../resources/lockout/lockout.rules.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import type { EmailLinkService } from '../../resources/email-links/email-links.service.js'
import type { SessionService } from '../../resources/sessions/sessions.service.js'
import { namesOf } from '../../resources/user-credentials/passwords.rules.js'
import type { UserCredentialService } from '../../resources/user-credentials/user-credentials.service.js'
import { contactOf } from '../../resources/user-records/contact.rules.js'
import type { User } from '../../resources/user-records/user-records.rules.js'
import type { UserRecords } from '../../resources/user-records/user-records.service.js'
import { verificationErrors } from '../../resources/verifications/verifications.errors.js'
import type { Changes } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { signInErrors, signInRefusals, wrongProof } from './sign-in.errors.js'
import type { SignInMove } from './sign-in.moves.js'
import type { SignInCodes } from './sign-in-codes.service.js'
import type { SignInOffers, Stage } from './sign-in-offers.service.js'
import type { Browser, SignInProgress } from './sign-in-progress.service.js'
import type { SignInPasskeys } from './sign-in-passkeys.service.js'
import type { SignInTickets } from './sign-in-tickets.service.js'
import { isOpen } from './sign-ins.rules.js'
import { SignInStore } from './sign-ins.store.js'
import type { FirstFactorStrategy, SecondFactorStrategy, SignInRecord, signIns } from './sign-ins.table.js'
import type { SignInView } from './sign-ins.wire.js'

interface SignInStepsOptions {
  context: InstanceContext
  offers: SignInOffers
  progress: SignInProgress
  codes: SignInCodes
  emailLinks: EmailLinkService
  tickets: SignInTickets
  passkeys: SignInPasskeys
  userRecords: UserRecords
  userCredentials: UserCredentialService
  sessions: SessionService
  messages: MessageOutbox
}

export interface PrepareInput extends Omit<PrepareParams, 'link'> {
  strategy: string
  /** Where a link leads. */
  redirectUrl?: string | undefined
  /** See {@link CodeRequest}. */
  isRepeatable?: boolean
}

export interface AttemptInput extends Omit<AttemptParams, 'signal'> {
  strategy: string
  ticket?: string | undefined
}

type StepChanges = Changes<typeof signIns>

/** What came of an attempt, and the user afterwards; undefined for a decoy. */
interface Outcome {
  attempt: Attempt
  user: User | undefined
}

/** The steps of a sign-in that has begun: codes are sent, factors proved, a password set anew. */
export class SignInSteps {
  readonly #store: SignInStore

  constructor(private readonly options: SignInStepsOptions) {
    this.#store = new SignInStore(options.context)
  }

  /** @throws {ApiError} what `SignInCodes.prepare` and `SignInProgress.take` throw */
  async prepareFirst(id: string, input: PrepareInput, caller: Browser): Promise<SignInView> {
    const request = await this.#withLink(input, caller)
    return this.#change(id, 'prepare_first_factor', caller, async (signIn, tx) => {
      if (isOpen(signIn)) return this.options.passkeys.prepare(signIn, request, tx)
      const user = await this.#userOf(signIn, tx)
      const verification = await this.options.codes.prepare(signIn, user, { ...request, stage: 'first' }, tx)
      const changes = { firstFactorVerificationId: verification.id, isCodeFresh: false }
      if (!user) return this.#store.step(id, changes, tx)
      return this.options.progress.take(signIn, 'prepare_first_factor', changes, tx)
    })
  }

  /** @throws {ApiError} as `prepareFirst` does */
  async prepareSecond(id: string, input: PrepareInput, caller: Browser): Promise<SignInView> {
    const request = { ...(await this.#withLink(input, caller)), isRepeatable: true }
    return this.#change(id, 'prepare_second_factor', caller, async (signIn, tx) => {
      const user = await this.#userOf(signIn, tx)
      const stage = secondStage(signIn)
      if (stage === 'second' && user) this.#requireSecondFactors(user)
      const verification = await this.options.codes.prepare(signIn, user, { ...request, stage }, tx)
      const changes = { secondFactorVerificationId: verification.id }
      return this.options.progress.take(signIn, 'prepare_second_factor', changes, tx)
    })
  }

  /**
   * @throws {ApiError} 422 for a wrong proof, 400 for a code that no longer counts, 403 `user_locked`; what
   *   `SignInProgress.take` throws
   */
  async attemptFirst(id: string, input: AttemptInput, caller: Browser): Promise<SignInView> {
    const { offers, progress, tickets, passkeys } = this.options
    const before = await this.#own(id, caller)
    progress.requireMove(before, 'attempt_first_factor')
    if (input.strategy === 'ticket') return offers.view(await tickets.attempt(id, input.ticket, caller))
    offers.factor('first', input.strategy)
    const settle = isOpen(before)
      ? await passkeys.settle(before, input)
      : await this.#settle('first', before, input, caller)
    return this.#attempt(before, 'first', input.strategy, settle, caller)
  }

  /** @throws {ApiError} as `attemptFirst` does */
  async attemptSecond(id: string, input: AttemptInput, caller: Browser): Promise<SignInView> {
    const before = await this.#own(id, caller)
    this.options.progress.requireMove(before, 'attempt_second_factor')
    const stage = secondStage(before)
    return this.#attempt(before, stage, input.strategy, await this.#settle(stage, before, input, caller), caller)
  }

  /**
   * Sets a new password after a code for that.
   *
   * @throws {ApiError} 422 with everything that is wrong with the password; what `SignInProgress.take` throws
   */
  async resetPassword(
    id: string,
    { password, signOutOfOtherSessions }: { password: string; signOutOfOtherSessions?: boolean | undefined },
    caller: Browser,
  ): Promise<SignInView> {
    const { progress, userRecords, userCredentials, sessions, messages } = this.options
    const before = await this.#own(id, caller)
    progress.requireMove(before, 'reset_password')
    const user = await this.#existing(before)
    const owner = { names: namesOf(user), current: user }
    const credentials = await userCredentials.changesOf({ password }, owner, caller.signal?.())
    return this.#change(id, 'reset_password', caller, async (signIn, tx) => {
      const { passwordUpdatedAt } = await userRecords.locked(user.id, tx)
      // Whoever has set another password meanwhile has also ended this way in.
      const isOutdated = (passwordUpdatedAt ?? 0) > (signIn.firstFactorVerifiedAt ?? 0)
      if (isOutdated) throw signInErrors.refused(signInRefusals.passwordChanged)
      if (signOutOfOtherSessions) await sessions.endAllOf(user.id, 'revoked', tx)
      await userRecords.change(user.id, credentials, tx)
      const to = contactOf(user)
      if (to) await messages.passwordChanged(to, tx)
      return progress.take(signIn, 'reset_password', { passwordReset: true }, tx)
    })
  }

  async #withLink({ redirectUrl, ...request }: PrepareInput, { clientId }: Browser) {
    if (request.strategy !== 'email_link') return request
    return { ...request, link: { redirectUrl: await this.options.emailLinks.target(redirectUrl), clientId } }
  }

  async #attempt(
    { id }: SignInRecord,
    stage: Stage,
    strategy: string,
    settle: Settle,
    caller: Browser,
  ): Promise<SignInView> {
    const { context, progress, offers, userRecords } = this.options
    const move = stage === 'first' ? 'attempt_first_factor' : 'attempt_second_factor'
    const { attempt, user, signIn } = await context.transaction(caller, async (tx) => {
      let signIn = await progress.current(id, caller, tx)
      progress.requireMove(signIn, move)
      if (stage !== 'first' && secondStage(signIn) !== stage) throw signInErrors.strategyInvalid(strategy)
      const attempt = await settle(tx)
      if (isOpen(signIn)) signIn = await progress.current(id, caller, tx)
      if (attempt.status === 'verified')
        signIn = await this.proved(signIn, stage, strategy, attempt.verification.id, tx)
      const user = signIn.userId === null ? undefined : await userRecords.find(signIn.userId, tx)
      return { attempt, user, signIn }
    })
    if (signIn.isTransferable) throw signInErrors.signUpIfMissingTransfer()
    if (attempt.status !== 'verified') throw this.refusal({ attempt, user }, { stage, strategy, signIn })
    return offers.view(signIn)
  }

  /** Writes what an attempt has proved, and leads on. Call it in the transaction that settled the attempt. */
  async proved(
    signIn: SignInRecord,
    stage: Stage,
    strategy: string,
    verificationId: string,
    tx: Tx,
  ): Promise<SignInRecord> {
    const { context, progress } = this.options
    const now = context.clock.now()
    const first = { firstFactorVerificationId: verificationId, isCodeFresh: false }
    const firstFactor = strategy as FirstFactorStrategy
    // A code can be right here only if it was sent to an address without an account. The sign-up that follows reads
    // which strategy it was.
    if (signIn.isDecoy) return this.#store.step(signIn.id, { ...first, firstFactor, isTransferable: true }, tx)
    if (stage === 'first') {
      const changes = { ...first, firstFactor, firstFactorVerifiedAt: now }
      return progress.take(signIn, 'attempt_first_factor', changes, tx)
    }
    const second: StepChanges =
      stage === 'second'
        ? { secondFactor: strategy as SecondFactorStrategy, secondFactorVerifiedAt: now }
        : { clientTrustState: 'known' }
    const changes = { ...second, secondFactorVerificationId: verificationId }
    return progress.take(signIn, 'attempt_second_factor', changes, tx)
  }

  async #settle(stage: Stage, signIn: SignInRecord, input: AttemptInput, caller: Browser): Promise<Settle> {
    const { offers } = this.options
    const { strategy, ticket: _, ...given } = input
    if (stage !== 'first' && !offers.isAvailable(stage, strategy)) {
      const elsewhere = offers.isAvailable('second', strategy) || offers.isAvailable('clientTrust', strategy)
      if (elsewhere) throw factorErrors.strategyForUserInvalid(strategy)
    }
    const proof = offers.factor(stage, strategy).read({ ...given, signal: caller.signal?.() })
    const user = await this.#userOf(signIn)
    return proof({ kind: 'sign_in', id: signIn.id }, offers.prover(user, strategy, signIn))
  }

  /** @returns undefined once the user is deleted */
  findUser(id: string, tx: Tx): Promise<User | undefined> {
    return this.options.userRecords.find(id, tx)
  }

  /** What an attempt that proved nothing is answered with. */
  refusal(
    { attempt, user }: Outcome,
    { stage, strategy, signIn }: { stage: Stage; strategy: string; signIn: SignInRecord | undefined },
  ): ApiError {
    const { clock, instance } = this.options.context
    const { settings } = instance
    const now = clock.now()
    // Whoever has not proved anything yet must not learn from the answer whether there is such a user.
    const strict = settings.attackProtection.enumerationProtection && stage === 'first'
    const wrong = () => wrongProof(strategy, { strict, remaining: strict ? null : attemptsLeft(user, settings, now) })
    switch (attempt.status) {
      case 'wrong':
        return wrong()
      case 'locked':
        return strict ? wrong() : signInErrors.locked(lockSecondsLeft(user, now))
      case 'unsupported':
        if (stage === 'second' && user) this.#requireSecondFactors(user)
        return strict && strategy === 'password' ? wrong() : factorErrors.strategyForUserInvalid(strategy)
      case 'refused':
        return attempt.error
      case 'expired':
        return signInErrors.verificationExpired()
      case 'failed':
        return signInErrors.verificationFailed()
      case 'already_verified':
        return verificationErrors.alreadyVerified()
      case 'compromised':
        return signInErrors.passwordCompromised()
      case 'uncheckable':
        return strict ? wrong() : factorErrors.passwordResetRequired()
      case 'missing': {
        const prepared = stage === 'first' ? signIn?.firstFactorVerificationId : signIn?.secondFactorVerificationId
        return prepared ? signInErrors.strategyInvalid(strategy) : signInErrors.verificationMissing()
      }
      case 'verified':
        throw new TypeError('The attempt has proved something')
    }
  }

  /** @throws {ApiError} 400 `no_second_factors` if the user has none any more */
  #requireSecondFactors(user: User): void {
    if (!this.options.offers.needsSecondFactor(user)) throw signInErrors.refused(signInRefusals.noSecondFactors)
  }

  async #change(
    id: string,
    move: SignInMove,
    caller: Browser,
    body: (signIn: SignInRecord, tx: Tx) => Promise<SignInRecord>,
  ): Promise<SignInView> {
    const { context, progress, offers } = this.options
    const changed = await context.transaction(caller, async (tx) => {
      const signIn = await progress.current(id, caller, tx)
      progress.requireMove(signIn, move)
      return body(signIn, tx)
    })
    return offers.view(changed)
  }

  async #own(id: string, { clientId }: Browser): Promise<SignInRecord> {
    const signIn = await this.#store.find(id)
    if (signIn?.clientId !== clientId) throw errors.resourceNotFound('sign-in', id)
    return signIn
  }

  /** @returns undefined for a decoy */
  async #userOf({ userId, isDecoy }: SignInRecord, tx?: Tx): Promise<User | undefined> {
    const user = userId === null ? undefined : await this.options.userRecords.find(userId, tx)
    if (!user && !isDecoy) throw signInErrors.userDeleted()
    return user
  }

  async #existing({ userId }: SignInRecord): Promise<User> {
    const user = userId === null ? undefined : await this.options.userRecords.find(userId)
    if (!user) throw signInErrors.userDeleted()
    return user
  }
}

/** Which of the factors are asked for beside the first one. */
function secondStage({ status }: SignInRecord): 'second' | 'clientTrust' {
  return status === 'needs_client_trust' ? 'clientTrust' : 'second'
}
