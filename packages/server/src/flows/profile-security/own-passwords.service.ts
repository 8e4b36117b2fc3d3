import { factorErrors } from '../../factors/factors.errors.js'
import type { Attempt, Settle } from '../../factors/factor.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import { attribute } from '../../instances/settings/attributes.js'
import type { CallerOf } from '../../kernel/caller.js'
import { ApiError, type ApiErrorItem } from '../../kernel/errors/api-error.js'
import { errors } from '../../kernel/errors/errors.js'
import { isCheckable } from '../../lib/passwords/index.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import { attemptsLeft, lockSecondsLeft } from '../../resources/lockout/lockout.rules.js'
import type { MeService } from '../../resources/me/me.service.js'
import type { Me } from '../../resources/me/me.wire.js'
import type { StepUp } from '../../resources/session-reverifications/step-up.service.js'
import type { SessionService } from '../../resources/sessions/sessions.service.js'
import { MATCHES_CURRENT, namesOf, NO_PASSWORD } from '../../resources/user-credentials/passwords.rules.js'
import type { UserCredentialService } from '../../resources/user-credentials/user-credentials.service.js'
import type { User } from '../../resources/user-records/user-records.rules.js'
import { contactOf } from '../../resources/user-records/contact.rules.js'
import type { UserRecords } from '../../resources/user-records/user-records.service.js'
import type { UserChanges } from '../../resources/user-records/user-records.table.js'
import type { Tx } from '../../storage/tx.js'
import type { SignInOffers } from '../sign-in/sign-in-offers.service.js'
import { signInErrors, wrongProof } from '../sign-in/sign-in.errors.js'
import { profileSecurityErrors } from './profile-security.errors.js'

interface OwnPasswordOptions {
  context: InstanceContext
  stepUp: StepUp
  offers: SignInOffers
  userRecords: UserRecords
  userCredentials: UserCredentialService
  sessions: SessionService
  me: MeService
  messages: MessageOutbox
}

export interface ChangePasswordInput {
  currentPassword: string | undefined
  newPassword: string
  signOutOfOtherSessions: boolean
}

type Person = CallerOf<'session'>

/** A try of the current password, and the user after it. */
interface Outcome {
  attempt: Attempt | undefined
  user: User
}

/** The password of one's own account. */
export class OwnPasswordService {
  constructor(private readonly options: OwnPasswordOptions) {}

  /**
   * Sets the first password, or another one. Everything that is wrong with the two passwords is said at once.
   *
   * @throws {ApiError} what `StepUp.require` throws; 422 `form_password_incorrect`, `form_password_…`,
   *   `form_new_password_matches_current`, `form_param_missing` for the current password where it is needed, 403
   *   `user_locked`
   */
  async change(
    { currentPassword, newPassword, signOutOfOtherSessions }: ChangePasswordInput,
    caller: Person,
  ): Promise<Me> {
    const { stepUp, userRecords, userCredentials, sessions, messages } = this.options
    await stepUp.require(caller)
    const user = await userRecords.get(caller.userId)
    // Without the current password, or with a wrong one, the answer would tell whether the new one is it.
    const mustProve = currentPassword === undefined && this.#needsCurrent(user)
    const owner = { names: namesOf(user), ...(mustProve ? {} : { current: user }) }
    const checked = await problemsOf(
      () => userCredentials.changesOf({ password: newPassword }, owner, caller.signal?.()),
      { from: 'password', to: 'new_password' },
    )
    const problems = [...(mustProve ? errors.paramMissing('current_password').errors : []), ...checked.problems]
    const settle = await this.#settleCurrent(user, currentPassword, caller)
    return this.#inOrder(
      user,
      settle,
      caller,
      async (current, tx) => {
        if (problems.length > 0) return problems
        const hadPassword = current.passwordDigest !== null
        // Somebody else has set one since it was looked up.
        if (settle === undefined && this.#needsCurrent(current)) return errors.paramMissing('current_password').errors
        if (signOutOfOtherSessions) await sessions.endAllOf(current.id, 'revoked', tx, caller.sessionId)
        await userRecords.change(current.id, checked.value!, tx)
        const to = contactOf(current)
        if (hadPassword && to) await messages.passwordChanged(to, tx)
        return []
      },
      problems.filter(({ code }) => code !== MATCHES_CURRENT),
    )
  }

  /**
   * @throws {ApiError} what `StepUp.require` throws; 400 `no_password_set`, 400 `password_required` without another way to
   *   sign in, 422 `form_password_incorrect`, `form_param_missing`, 403 `user_locked`
   */
  async remove(currentPassword: string | undefined, caller: Person): Promise<Me> {
    const { stepUp, userRecords, messages } = this.options
    await stepUp.require(caller)
    const user = await userRecords.get(caller.userId)
    this.#requireRemovable(user)
    if (currentPassword === undefined && this.#needsCurrent(user)) throw errors.paramMissing('current_password')
    const settle = await this.#settleCurrent(user, currentPassword, caller)
    return this.#inOrder(user, settle, caller, async (current, tx) => {
      this.#requireRemovable(current)
      await userRecords.change(current.id, NO_PASSWORD, tx)
      const to = contactOf(current)
      if (to) await messages.passwordRemoved(to, tx)
      return []
    })
  }

  /**
   * Tries the current password, where one was given, and changes the user if it is right.
   *
   * @param change returns what else is wrong: nothing is changed then
   * @param problems to be said beside a wrong password
   */
  async #inOrder(
    { id }: User,
    settle: Settle | undefined,
    caller: Person,
    change: (current: User, tx: Tx) => Promise<readonly ApiErrorItem[]>,
    problems: readonly ApiErrorItem[] = [],
  ): Promise<Me> {
    const { context, userRecords, me } = this.options
    const outcome = await context.transaction(caller, async (tx) => {
      await userRecords.locked(id, tx)
      const attempt = settle && (await settle(tx))
      const user = await userRecords.get(id, tx)
      if (!isRight(attempt)) return { attempt, user, wrong: [] }
      return { attempt, user, wrong: await change(user, tx) }
    })
    if (!isRight(outcome.attempt)) throw this.#refusal(outcome, problems)
    if (outcome.wrong.length > 0) throw new ApiError(422, outcome.wrong)
    return me.get(id)
  }

  /**
   * A factor that was verified lately stands for it; so does the task to replace a password that others may know. One that
   * nobody can check is of no use.
   */
  #needsCurrent({ passwordHasher, passwordCompromised }: User): boolean {
    const isReverified = this.options.context.instance.settings.auth.reverification
    return passwordHasher !== null && isCheckable(passwordHasher) && !passwordCompromised && !isReverified
  }

  /** Of no use without a password. */
  async #settleCurrent(user: User, password: string | undefined, { sessionId, signal }: Person) {
    if (password === undefined || user.passwordDigest === null) return undefined
    const factor = this.options.offers.factor('first', 'password')
    return factor.read({ password, signal: signal?.() })({ kind: 'session', id: sessionId }, user)
  }

  #refusal({ attempt, user }: Outcome, problems: readonly ApiErrorItem[]): ApiError {
    const { clock, instance } = this.options.context
    const now = clock.now()
    if (attempt?.status === 'locked') return signInErrors.locked(lockSecondsLeft(user, now))
    if (attempt?.status !== 'wrong') return factorErrors.strategyForUserInvalid('password')
    const wrong = wrongProof('password', { strict: false, remaining: attemptsLeft(user, instance.settings, now) })
    return new ApiError(422, [...renamed(wrong, 'password', 'current_password'), ...problems])
  }

  /** @throws {ApiError} 400 `no_password_set`, `password_required` */
  #requireRemovable(user: User): void {
    const { context, offers } = this.options
    if (user.passwordDigest === null) throw profileSecurityErrors.noPassword()
    const hasOther = offers.of('first', user).some(({ strategy }) => !/password/.test(strategy))
    const { enabled, required } = attribute(context.instance.settings, 'password')
    if ((enabled && required) || !hasOther) throw profileSecurityErrors.passwordRequired()
  }
}

/** A compromised password is right, but proves nothing; like one that cannot be checked, it is there to be replaced. */
function isRight(attempt: Attempt | undefined): boolean {
  return attempt === undefined || ['verified', 'compromised', 'uncheckable'].includes(attempt.status)
}

/** What is wrong with a parameter, under the name that the request has for it. */
async function problemsOf(
  check: () => Promise<UserChanges>,
  { from, to }: { from: string; to: string },
): Promise<{ value?: UserChanges; problems: ApiErrorItem[] }> {
  try {
    return { value: await check(), problems: [] }
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 422) throw error
    return { problems: renamed(error, from, to) }
  }
}

function renamed({ errors: items }: ApiError, from: string, to: string): ApiErrorItem[] {
  return items.map((item) =>
    item.meta?.['param_name'] === from ? { ...item, meta: { ...item.meta, param_name: to } } : item,
  )
}
