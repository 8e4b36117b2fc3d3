import type { NamingFactor, Settle } from '../../factors/factor.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { ClientRecords } from '../../resources/client-records/client-records.service.js'
import type { Tx } from '../../storage/tx.js'
import { signInErrors } from './sign-in.errors.js'
import type { Browser, SignInProgress } from './sign-in-progress.service.js'
import { SignInStore } from './sign-ins.store.js'
import type { SignInRecord } from './sign-ins.table.js'

interface SignInPasskeysOptions {
  context: InstanceContext
  progress: SignInProgress
  clientRecords: ClientRecords
  factor: NamingFactor
}

interface PasskeyRequest {
  strategy: string
  publicKeyCredential?: string | undefined
  origin?: string | undefined
}

/** Sign-ins that begin with nobody identified: the passkey that signs says who it is. */
export class SignInPasskeys {
  readonly #store: SignInStore

  constructor(private readonly options: SignInPasskeysOptions) {
    this.#store = new SignInStore(options.context)
  }

  /** @throws {ApiError} what `SignInProgress.requireNoSession` throws */
  create(origin: string | undefined, caller: Browser): Promise<SignInRecord> {
    const { context, progress, clientRecords } = this.options
    const { clientId } = caller
    return context.transaction(caller, async (tx) => {
      await clientRecords.ensure(clientId, tx)
      await progress.requireNoSession(clientId, null, tx)
      const signIn = await progress.begin({ clientId, status: 'needs_first_factor' }, undefined, tx)
      return this.prepare(signIn, { strategy: 'passkey', origin }, tx)
    })
  }

  /** Another challenge. @throws {ApiError} 400 `verification_strategy_invalid` for any other strategy */
  async prepare(signIn: SignInRecord, { strategy, origin }: PasskeyRequest, tx: Tx): Promise<SignInRecord> {
    if (strategy !== 'passkey') throw signInErrors.strategyInvalid(strategy)
    const subject = { kind: 'sign_in' as const, id: signIn.id }
    const { id } = await this.options.factor.prepareForAnybody(subject, origin, tx)
    return this.#store.step(signIn.id, { firstFactorVerificationId: id }, tx)
  }

  /**
   * An attempt that also writes whose sign-in it is, once that is proved.
   *
   * @throws {ApiError} 400 `verification_strategy_invalid`, 404 `passkey_not_registered`, 422
   *   `passkey_invalid_public_key_credential`
   */
  async settle({ id }: SignInRecord, request: PasskeyRequest): Promise<Settle> {
    const { factor } = this.options
    if (request.strategy !== 'passkey') throw signInErrors.strategyInvalid(request.strategy)
    const user = await factor.ownerOf(request)
    const settle = await factor.read(request)({ kind: 'sign_in', id }, user)
    return async (tx) => {
      const attempt = await settle(tx)
      if (attempt.status === 'verified') await this.#store.step(id, { userId: user.id }, tx)
      return attempt
    }
  }
}
