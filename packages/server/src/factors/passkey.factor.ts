import type { InstanceContext } from '../instances/instance-context.js'
import type { InstanceSettings } from '../instances/settings/settings.js'
import type { PasskeyCeremonies } from '../resources/passkeys/passkey-ceremonies.service.js'
import { passkeyErrors } from '../resources/passkeys/passkeys.errors.js'
import { readAssertion, type AssertionCredential } from '../resources/passkeys/passkeys.rules.js'
import type { PasskeyService } from '../resources/passkeys/passkeys.service.js'
import type { User } from '../resources/user-records/user-records.rules.js'
import type { UserRecords } from '../resources/user-records/user-records.service.js'
import { isOpen } from '../resources/verifications/verifications.rules.js'
import type { VerificationService } from '../resources/verifications/verifications.service.js'
import type { VerificationRecord } from '../resources/verifications/verifications.table.js'
import type { Tx } from '../storage/tx.js'
import type { AttemptService } from './attempts.service.js'
import type {
  Attempt,
  AttemptParams,
  FactorSubject,
  NamingFactor,
  Offer,
  PrepareParams,
  Proof,
  Settle,
} from './factor.js'
import { choose, required } from './factors.rules.js'

interface PasskeyFactorOptions {
  context: InstanceContext
  userRecords: UserRecords
  verifications: VerificationService
  passkeys: PasskeyService
  passkeyCeremonies: PasskeyCeremonies
  attempts: AttemptService
}

/** A key on the user's device, which signs a challenge that is good once. */
export class PasskeyFactor implements NamingFactor {
  readonly strategy = 'passkey'
  readonly stage = 'first'

  constructor(private readonly options: PasskeyFactorOptions) {}

  /** One for all passkeys: the device knows which of them it has. */
  supported(user: User, _settings: InstanceSettings): Offer[] {
    return user.passkeys.length > 0 ? [{ strategy: this.strategy }] : []
  }

  async prepare(
    subject: FactorSubject,
    { id: userId }: User,
    { passkeyId: id, origin }: PrepareParams,
    tx: Tx,
  ): Promise<VerificationRecord> {
    const { passkeys } = await this.options.userRecords.locked(userId, tx)
    if (passkeys.length === 0) throw passkeyErrors.noneFound()
    const wanted =
      id === undefined ? passkeys : [choose(passkeys, { strategy: this.strategy, param: 'passkey_id', id })]
    const { passkeyCeremonies, verifications } = this.options
    const nonce = await passkeyCeremonies.authenticationOptions(wanted, origin)
    return verifications.startChallenge({ ...subject, userId, identificationId: null }, nonce, tx)
  }

  /** A challenge for whoever has a passkey. */
  async prepareForAnybody(subject: FactorSubject, origin: string | undefined, tx: Tx): Promise<VerificationRecord> {
    const nonce = await this.options.passkeyCeremonies.authenticationOptions([], origin)
    return this.options.verifications.startChallenge({ ...subject, userId: null, identificationId: null }, nonce, tx)
  }

  /**
   * The user whose passkey has signed, which is still to be checked.
   *
   * @throws {ApiError} 404 `passkey_not_registered`; as `read` does
   */
  async ownerOf({ publicKeyCredential }: Pick<AttemptParams, 'publicKeyCredential'>): Promise<User> {
    const { passkeys, userRecords } = this.options
    const passkey = await passkeys.findByCredential(readGiven(publicKeyCredential).id)
    const user = passkey && (await userRecords.find(passkey.userId))
    if (!user) throw passkeyErrors.notRegistered()
    return user
  }

  /** @throws {ApiError} 422 `form_param_missing`, `passkey_invalid_public_key_credential` */
  read({ publicKeyCredential, origin }: AttemptParams): Proof {
    const credential = readGiven(publicKeyCredential)
    return (subject, user) => this.#check({ subject, user }, credential, origin)
  }

  async #check(
    { subject, user }: { subject: FactorSubject; user: User | undefined },
    credential: AssertionCredential,
    origin: string | undefined,
  ): Promise<Settle> {
    const { context, verifications, passkeys, passkeyCeremonies, attempts } = this.options
    const passkey = user?.passkeys.find(({ credentialId }) => credentialId === credential.id)
    const asked = await verifications.findNewest(subject.id, this.strategy)
    const counter =
      passkey && asked?.nonce ? await passkeyCeremonies.signed(asked.nonce, credential, passkey, origin) : undefined
    const prove = async (current: User, tx: Tx): Promise<Attempt> => {
      const newest = await verifications.findNewest(subject.id, this.strategy, tx)
      if (!newest || newest.id !== asked?.id) return { status: 'missing' }
      if (!current.passkeys.some(({ id }) => id === passkey?.id)) {
        return { status: 'refused', error: passkeyErrors.notRegistered() }
      }
      // An answer that comes too late, or again, is no use of the passkey.
      const counts = counter !== undefined && isOpen(newest, context.clock.now())
      const right = counts && (await passkeys.use(passkey!.id, counter, tx))
      const { result, verification } = await verifications.settle(newest.id, right, tx)
      return result === 'wrong'
        ? { status: 'refused', error: passkeyErrors.authenticationFailed() }
        : { status: result, verification }
    }
    // Nobody is ever asked for the passkey that they do not have.
    const nobody = async (): Promise<Attempt> => ({ status: 'missing' })
    const trial = { factor: this, subject, user }
    return (tx) => attempts.settle(trial, tx, (current) => prove(current, tx), { nobody })
  }
}

function readGiven(text: string | undefined): AssertionCredential {
  const credential = readAssertion(required('public_key_credential', text))
  if (!credential) throw passkeyErrors.credentialInvalid()
  return credential
}
