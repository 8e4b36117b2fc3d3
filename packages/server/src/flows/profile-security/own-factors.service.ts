import type { InstanceContext } from '../../instances/instance-context.js'
import { attribute } from '../../instances/settings/attributes.js'
import type { InstanceSettings } from '../../instances/settings/settings.js'
import type { CallerOf } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import { generateBackupCodes, hashBackupCodes } from '../../lib/backup-codes/backup-codes.js'
import { generateTotpSecret, totpStep, totpUri } from '../../lib/totp/totp.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import type { StepUp } from '../../resources/session-reverifications/step-up.service.js'
import type { BrowserSessionService } from '../../resources/sessions/browser-sessions.service.js'
import type { UserFactorService } from '../../resources/user-factors/user-factors.service.js'
import { contactOf } from '../../resources/user-records/contact.rules.js'
import { hasSecondFactor, type User } from '../../resources/user-records/user-records.rules.js'
import type { UserRecords } from '../../resources/user-records/user-records.service.js'
import { toPublicUser } from '../../resources/users/public-user-data.wire.js'
import { wrongProof } from '../sign-in/sign-in.errors.js'
import { secondStrategies } from '../sign-in/sign-ins.rules.js'
import { profileSecurityErrors } from './profile-security.errors.js'
import type { NewBackupCodes, TotpView } from './profile-security.wire.js'
import { TotpEnrolmentStore } from './totp-enrolments.store.js'

interface OwnFactorOptions {
  context: InstanceContext
  stepUp: StepUp
  userRecords: UserRecords
  userFactors: UserFactorService
  browserSessions: BrowserSessionService
  messages: MessageOutbox
}

type Person = CallerOf<'session'>

/** The second factors that people add to their own account, and remove. */
export class OwnFactorService {
  readonly #enrolments: TotpEnrolmentStore

  constructor(private readonly options: OwnFactorOptions) {
    this.#enrolments = new TotpEnrolmentStore(options.context)
  }

  /**
   * Begins to add an authenticator app, with a new secret each time.
   *
   * @throws {ApiError} what `StepUp.require` throws; 403 `feature_not_enabled`, 400 `totp_already_enabled`
   */
  async beginTotp(caller: Person): Promise<TotpView> {
    const { context, stepUp, userRecords } = this.options
    await stepUp.require(caller)
    if (!secondStrategies(context.instance.settings).has('totp')) throw profileSecurityErrors.totpNotOffered()
    const secret = generateTotpSecret(context.random)
    return context.transaction(caller, async (tx) => {
      const user = await userRecords.locked(caller.userId, tx)
      if (user.totpSecret !== null) throw profileSecurityErrors.totpAlreadyEnabled()
      const enrolment = await this.#enrolments.begin(user.id, context.vault.seal(secret), tx)
      const uri = totpUri(secret, { issuer: context.instance.name, account: toPublicUser(user).identifier })
      return { enrolment, verified: false, secret, uri, backupCodes: null }
    })
  }

  /**
   * Adds the authenticator app that shows the code. With it, as the first second factor, come backup codes, unless there
   * are some.
   *
   * @throws {ApiError} what `StepUp.require` throws; 404 `resource_not_found`, 400 `totp_already_enabled`, 422
   *   `form_code_incorrect`
   */
  async confirmTotp(code: string, caller: Person): Promise<TotpView> {
    const { context, stepUp, userRecords, browserSessions, messages } = this.options
    await stepUp.require(caller)
    const { settings } = context.instance
    if (!secondStrategies(settings).has('totp')) throw profileSecurityErrors.totpNotOffered()
    const before = await userRecords.get(caller.userId)
    if (before.totpSecret !== null) throw profileSecurityErrors.totpAlreadyEnabled()
    const enrolment = await this.#enrolments.findBy({ userId: before.id })
    if (!enrolment) throw errors.resourceNotFound('authenticator app of', before.id)
    const now = context.clock.now()
    const step = totpStep(context.vault.open(enrolment.secret), code, now)
    // Not counted: who asks was shown the secret.
    if (step === undefined) throw wrongProof('totp', { strict: false, remaining: null })
    const codes = offersBackupCodes(settings) && lacksBackupCodes(before) ? await this.#newCodes(caller) : null
    return context.transaction(caller, async (tx) => {
      const user = await userRecords.locked(before.id, tx)
      if (user.totpSecret !== null) throw profileSecurityErrors.totpAlreadyEnabled()
      if (!(await this.#enrolments.spend(enrolment, tx)))
        throw errors.resourceNotFound('authenticator app', enrolment.id)
      const isFirst = !hasSecondFactor(user)
      const given = codes && lacksBackupCodes(user) ? codes : null
      await userRecords.change(
        user.id,
        {
          totpSecret: enrolment.secret,
          totpUsedStep: step,
          ...(isFirst ? { mfaEnabledAt: now } : {}),
          ...(given ? { backupCodes: given.digests } : {}),
        },
        tx,
      )
      const to = isFirst ? contactOf(user) : undefined
      if (to) await messages.secondFactorEnabled(to, tx)
      await browserSessions.verified(caller.sessionId, { secondFactorVerifiedAt: now }, tx)
      const shown = given && given.codes
      return {
        enrolment: { ...enrolment, updatedAt: now },
        verified: true,
        secret: null,
        uri: null,
        backupCodes: shown,
      }
    })
  }

  /**
   * @throws {ApiError} what `StepUp.require` throws; 404 `resource_not_found`, 400 `second_factor_deletion_not_allowed`
   *   for the last one where one is required
   */
  async removeTotp(caller: Person): Promise<User> {
    const { context, stepUp, userRecords, userFactors } = this.options
    await stepUp.require(caller)
    return context.transaction(caller, async (tx) => {
      const user = await userRecords.locked(caller.userId, tx)
      if (user.totpSecret === null) throw errors.resourceNotFound('authenticator app of', user.id)
      const { signUp, signIn } = context.instance.settings
      const isLast = !hasSecondFactor({ ...user, totpSecret: null })
      if (isLast && (signUp.mfaRequired || signIn.secondFactorRequired))
        throw profileSecurityErrors.secondFactorRequired()
      // Codes that replace nothing are of no use.
      return userFactors.removeTotp(user.id, tx, isLast ? { backupCodes: null } : {})
    })
  }

  /**
   * Replaces the backup codes.
   *
   * @throws {ApiError} what `StepUp.require` throws; 400 `backup_codes_not_available`
   */
  async createBackupCodes(caller: Person): Promise<NewBackupCodes> {
    const { context, stepUp, userRecords } = this.options
    await stepUp.require(caller)
    if (!offersBackupCodes(context.instance.settings)) throw profileSecurityErrors.backupCodesNotAvailable()
    const { codes, digests } = await this.#newCodes(caller)
    await context.transaction(caller, async (tx) => {
      await userRecords.locked(caller.userId, tx)
      await userRecords.change(caller.userId, { backupCodes: digests }, tx)
    })
    return { id: context.ids.next('backup_code'), codes, createdAt: context.clock.now() }
  }

  async #newCodes({ signal }: Person): Promise<{ codes: string[]; digests: string[] }> {
    const { passwords: hasher, random } = this.options.context
    const codes = generateBackupCodes(random)
    return { codes, digests: await hashBackupCodes(codes, { hasher, random, signal: signal?.() }) }
  }
}

/** Neither codes, nor a factor that they came with. */
function lacksBackupCodes(user: User): boolean {
  return (user.backupCodes ?? []).length === 0 && !hasSecondFactor(user)
}

/** Backup codes are on, and a second factor that they could replace. */
function offersBackupCodes(settings: InstanceSettings): boolean {
  const strategies = secondStrategies(settings)
  return attribute(settings, 'backup_code').enabled && strategies.has('backup_code') && strategies.size > 1
}
