import type { InstanceContext } from '../../instances/instance-context.js'
import { attribute } from '../../instances/settings/attributes.js'
import type { CallerOf } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import { hasIllegalText } from '../../lib/identifiers/index.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import type { PasskeyCeremonies } from '../../resources/passkeys/passkey-ceremonies.service.js'
import { MAX_PASSKEYS, passkeyErrors } from '../../resources/passkeys/passkeys.errors.js'
import { readRegistration } from '../../resources/passkeys/passkeys.rules.js'
import type { PasskeyService } from '../../resources/passkeys/passkeys.service.js'
import type { PasskeyView } from '../../resources/passkeys/passkeys.wire.js'
import type { StepUp } from '../../resources/session-reverifications/step-up.service.js'
import { browserNameOf } from '../../kernel/user-agent.js'
import type { User } from '../../resources/user-records/user-records.rules.js'
import { contactOf } from '../../resources/user-records/contact.rules.js'
import type { UserRecords } from '../../resources/user-records/user-records.service.js'
import { toPublicUser } from '../../resources/users/public-user-data.wire.js'
import type { VerificationService } from '../../resources/verifications/verifications.service.js'
import type { VerificationRecord } from '../../resources/verifications/verifications.table.js'
import type { Tx } from '../../storage/tx.js'
import { accountErrors } from '../account/account.errors.js'
import { hasFirstFactor, refuseImpersonated } from '../account/account.rules.js'

interface OwnPasskeyOptions {
  context: InstanceContext
  stepUp: StepUp
  userRecords: UserRecords
  passkeys: PasskeyService
  passkeyCeremonies: PasskeyCeremonies
  verifications: VerificationService
  messages: MessageOutbox
}

type Person = CallerOf<'session'>

const MAX_NAME_LENGTH = 256

/**
 * The passkeys that people add to their own account, rename and remove. Until its device has answered, a passkey is a
 * verification: its id is the one that the passkey will have.
 */
export class OwnPasskeyService {
  constructor(private readonly options: OwnPasskeyOptions) {}

  /**
   * Asks the browser to make a passkey.
   *
   * @param origin of the page
   * @throws {ApiError} what `StepUp.require` throws; 403 `feature_not_enabled`, `passkey_quota_exceeded`
   */
  async begin(caller: Person, origin: string | undefined): Promise<PasskeyView> {
    const { context, stepUp, userRecords, passkeyCeremonies, verifications } = this.options
    await stepUp.require(caller)
    this.#requireEnabled()
    await passkeyCeremonies.prepare()
    return context.transaction(caller, async (tx) => {
      const user = await userRecords.locked(caller.userId, tx)
      requireRoom(user)
      const holder = { id: user.id, name: toPublicUser(user).identifier || user.id, passkeys: user.passkeys }
      const nonce = await passkeyCeremonies.registrationOptions(holder, origin)
      const id = context.ids.next('idn')
      const subject = { kind: 'identification' as const, id, userId: user.id, identificationId: id }
      return { challenge: await verifications.startChallenge(subject, nonce, tx), name: nameFor(caller) }
    })
  }

  /**
   * Adds the passkey that the browser has made.
   *
   * @throws {ApiError} what `StepUp.require` throws; 404 `resource_not_found`, 403 `passkey_quota_exceeded`, 400
   *   `passkey_invalid_verification` once the challenge is spent or too old, `passkey_registration_failure`, 422
   *   `passkey_invalid_public_key_credential`
   */
  async confirm(
    id: string,
    publicKeyCredential: string,
    caller: Person,
    origin: string | undefined,
  ): Promise<PasskeyView> {
    const { context, stepUp, userRecords, passkeys, passkeyCeremonies, verifications, messages } = this.options
    await stepUp.require(caller)
    this.#requireEnabled()
    const credential = readRegistration(publicKeyCredential)
    if (!credential) throw passkeyErrors.credentialInvalid()
    const asked = await this.#challenge(id, caller.userId)
    if (!asked) throw await this.#unknown(id, caller.userId)
    const made = await passkeyCeremonies.registered(asked.nonce!, credential, origin)
    const result = await context.transaction(caller, async (tx) => {
      const user = await userRecords.locked(caller.userId, tx)
      requireRoom(user)
      const trial = await verifications.settle(asked.id, made !== undefined, tx)
      // A wrong answer is counted: the transaction is kept.
      if (trial.result !== 'verified') return trial.result
      const passkey = await passkeys.insert(user.id, { ...made!, id, name: nameFor(caller) }, tx)
      const to = contactOf(user)
      if (to) await messages.passkeyAdded(to, passkey.name, tx)
      return { passkey }
    })
    if (typeof result === 'object') return result
    if (result !== 'wrong') throw passkeyErrors.verificationInvalid()
    throw passkeyErrors.registrationFailed('The answer of the device does not belong to this request. Try again')
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async get(id: string, caller: Person): Promise<PasskeyView> {
    const user = await this.options.userRecords.get(caller.userId)
    const passkey = user.passkeys.find((own) => own.id === id)
    if (passkey) return { passkey }
    const challenge = await this.#challenge(id, caller.userId)
    if (!challenge) throw errors.resourceNotFound('passkey', id)
    return { challenge, name: nameFor(caller) }
  }

  /**
   * @throws {ApiError} 403 `resource_forbidden` for somebody who acts for the user, 404 `resource_not_found`, 422
   *   `form_param_…`, `passkey_identification_not_verified` before the passkey is made
   */
  async rename(id: string, name: string | undefined, caller: Person): Promise<PasskeyView> {
    const { context, passkeys } = this.options
    refuseImpersonated(caller)
    const trimmed = name?.trim() ?? ''
    if (trimmed === '') throw errors.paramMissing('name')
    if (trimmed.length > MAX_NAME_LENGTH) throw errors.paramTooLong('name', MAX_NAME_LENGTH)
    if (hasIllegalText(trimmed)) throw errors.paramFormatInvalid('name', 'must not contain control characters')
    const held = await this.get(id, caller)
    if ('challenge' in held) throw passkeyErrors.notVerified()
    return context.transaction(caller, async (tx) => ({
      passkey: await passkeys.rename(caller.userId, id, trimmed, tx),
    }))
  }

  /**
   * @throws {ApiError} what `StepUp.require` throws; 404 `resource_not_found`, 400 `identification_deletion_failed` for
   *   the last thing that the user can sign in with
   */
  async delete(id: string, caller: Person): Promise<{ id: string }> {
    const { context, stepUp, passkeys, verifications } = this.options
    await stepUp.require(caller)
    const held = await this.get(id, caller)
    if ('challenge' in held) {
      await context.transaction(caller, (tx: Tx) => verifications.deleteOf(id, tx))
      return { id }
    }
    const { settings } = context.instance
    return passkeys.delete(caller.userId, id, caller, (user) => {
      const left = { ...user, passkeys: user.passkeys.filter((own) => own.id !== id) }
      if (!hasFirstFactor(left, settings)) throw accountErrors.lastFirstFactor()
    })
  }

  /** @throws {ApiError} 404 where passkeys belong to the application's domain */
  relatedOrigins(): Promise<string[]> {
    return this.options.passkeyCeremonies.relatedOrigins()
  }

  /** One that waits for the user's device. */
  async #challenge(id: string, userId: string): Promise<VerificationRecord | undefined> {
    const found = await this.options.verifications.findNewest(id, 'passkey')
    return found?.userId === userId && found.status !== 'verified' ? found : undefined
  }

  async #unknown(id: string, userId: string) {
    const user = await this.options.userRecords.get(userId)
    const isRegistered = user.passkeys.some((own) => own.id === id)
    return isRegistered ? passkeyErrors.verificationInvalid() : errors.resourceNotFound('passkey', id)
  }

  #requireEnabled(): void {
    if (!attribute(this.options.context.instance.settings, 'passkey').enabled) throw passkeyErrors.notEnabled()
  }
}

function requireRoom({ passkeys }: User): void {
  if (passkeys.length >= MAX_PASSKEYS) throw passkeyErrors.quotaExceeded()
}

/** People see it beside others: what their browser is called tells them most. */
function nameFor({ userAgent }: Person): string {
  return browserNameOf(userAgent) ?? 'Passkey'
}
