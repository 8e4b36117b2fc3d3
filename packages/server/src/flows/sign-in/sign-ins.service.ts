import type { PhoneChannel } from '../../instances/settings/attributes.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import { errors } from '../../kernel/errors/errors.js'
import type { ClientRecords } from '../../resources/client-records/client-records.service.js'
import type { EmailLinkService } from '../../resources/email-links/email-links.service.js'
import type { User } from '../../resources/user-records/user-records.rules.js'
import type { Tx } from '../../storage/tx.js'
import { signInErrors } from './sign-in.errors.js'
import type { SignInCodes } from './sign-in-codes.service.js'
import type { Identified, SignInIdentities } from './sign-in-identities.service.js'
import type { SignInOffers } from './sign-in-offers.service.js'
import type { Browser, SignInProgress } from './sign-in-progress.service.js'
import type { SignInPasskeys } from './sign-in-passkeys.service.js'
import type { SignInSteps } from './sign-in-steps.service.js'
import type { SignInTickets } from './sign-in-tickets.service.js'
import { statusAt } from './sign-ins.rules.js'
import { SignInStore } from './sign-ins.store.js'
import type { SignInRecord } from './sign-ins.table.js'
import { signIn as signInWire, type SignInView } from './sign-ins.wire.js'

interface SignInServiceOptions {
  context: InstanceContext
  clientRecords: ClientRecords
  offers: SignInOffers
  identities: SignInIdentities
  progress: SignInProgress
  codes: SignInCodes
  steps: SignInSteps
  tickets: SignInTickets
  passkeys: SignInPasskeys
  emailLinks: EmailLinkService
}

export interface CreateSignInInput {
  strategy?: string | undefined
  identifier?: string | undefined
  password?: string | undefined
  ticket?: string | undefined
  /** How a code that is sent at once goes to a phone number. */
  channel?: PhoneChannel | undefined
  /** Where a link leads that is sent at once. */
  redirectUrl?: string | undefined
  /** Of the page that asks, for a passkey. */
  origin?: string | undefined
  transfer?: boolean | undefined
  signUpIfMissing?: boolean | undefined
}

/** Sign-ins as their client begins and sees them; `SignInSteps` leads them on. */
export class SignInService {
  readonly #store: SignInStore

  constructor(private readonly options: SignInServiceOptions) {
    this.#store = new SignInStore(options.context)
  }

  /**
   * Also one that is complete: the tab that waits for it asks.
   *
   * @throws {ApiError} 404 `resource_not_found` for another client's, and for one that is abandoned
   */
  async get(id: string, { clientId }: Browser): Promise<SignInView> {
    const signIn = await this.#store.find(id)
    const now = this.options.context.clock.now()
    if (signIn?.clientId !== clientId || statusAt(signIn, now) === 'abandoned') {
      throw errors.resourceNotFound('sign-in', id)
    }
    return this.options.offers.view(signIn)
  }

  /** The one that a client is at. @returns undefined if it is over */
  async show(id: string): Promise<SignInView | undefined> {
    const signIn = await this.#store.find(id)
    if (!signIn) return undefined
    const status = statusAt(signIn, this.options.context.clock.now())
    return status === 'complete' || status === 'abandoned' ? undefined : this.options.offers.view(signIn)
  }

  /** For the JSON of the client. */
  async toJSON(id: string): Promise<unknown> {
    const view = await this.show(id)
    return view && signInWire.toJSON(view, this.options.context)
  }

  /**
   * What a sign-up continues with: an identifier that was verified here and is nobody's. One caller gets it.
   *
   * @returns undefined if the client's sign-in is no such one
   */
  async takeTransferable(id: string, clientId: string, tx: Tx): Promise<SignInRecord | undefined> {
    return this.#store.takeTransferable(id, clientId, this.options.context.clock.now(), tx)
  }

  /**
   * Begins a sign-in, which replaces the client's current one, and leads it as far as the parameters do.
   *
   * @throws {ApiError} 422 `form_identifier_not_found`, `form_param_…`, for a wrong password; 400 `session_exists`,
   *   `identifier_already_signed_in`, `strategy_for_user_invalid`, `account_transfer_invalid`; for a ticket in the codes
   *   of its kind
   */
  async create(input: CreateSignInInput, caller: Browser): Promise<SignInView> {
    const { offers, tickets, passkeys } = this.options
    const { strategy, identifier, password, ticket } = input
    if (input.transfer) throw signInErrors.transferInvalid()
    // A ticket beside another strategy is a field that this one does not have.
    if (strategy === 'ticket' || (strategy === undefined && ticket !== undefined)) {
      if (ticket === undefined) throw errors.conditionalParamMissing('ticket', 'strategy "ticket"')
      return offers.view(await tickets.create(ticket, caller))
    }
    if (strategy !== undefined && !offers.isAvailable('first', strategy)) {
      throw signInErrors.strategyUnavailable(strategy)
    }
    if (identifier !== undefined) return this.#createFor(identifier, input, caller)
    if (strategy === 'passkey') return offers.view(await passkeys.create(input.origin, caller))
    if (strategy !== undefined)
      throw errors.conditionalParamMissing('identifier', `strategy ${JSON.stringify(strategy)}`)
    if (password !== undefined) throw errors.conditionalParamMissing('identifier', 'password')
    return offers.view(await this.#begin(undefined, {}, caller))
  }

  async #createFor(identifier: string, input: CreateSignInInput, caller: Browser): Promise<SignInView> {
    const { context, identities, progress, offers } = this.options
    const { strategy, password } = input
    const identified = await identities.identify(identifier)
    if (input.signUpIfMissing) this.#requireSignUpIfMissing(identified, strategy)
    const isStrict = context.instance.settings.attackProtection.enumerationProtection
    if (!identified.user && !isStrict) throw signInErrors.identifierNotFound()
    await progress.requireNoSession(caller.clientId, identified.user?.id ?? null)
    const fields = { signUpIfMissing: input.signUpIfMissing ?? false }
    const byPassword = strategy === 'password' || (strategy === undefined && password !== undefined)
    if (!byPassword)
      return offers.view(
        await this.#begin(
          identified,
          { ...fields, strategy, channel: input.channel, redirectUrl: input.redirectUrl, origin: input.origin },
          caller,
        ),
      )
    if (password === undefined) throw errors.conditionalParamMissing('password', 'strategy "password"')
    return this.#createWithPassword(identified, password, caller)
  }

  /** @param strategy of a code that is sent at once */
  async #begin(
    identified: Identified | undefined,
    {
      strategy,
      channel,
      redirectUrl,
      origin,
      ...fields
    }: Pick<CreateSignInInput, 'strategy' | 'channel' | 'redirectUrl' | 'origin'> & { signUpIfMissing?: boolean },
    caller: Browser,
  ): Promise<SignInRecord> {
    const { context, codes, emailLinks } = this.options
    // Without a place to lead to, the link waits until it is prepared.
    const isLater = strategy === 'email_link' && redirectUrl === undefined
    const link =
      strategy === 'email_link' && !isLater
        ? { redirectUrl: await emailLinks.target(redirectUrl), clientId: caller.clientId }
        : undefined
    return context.transaction(caller, async (tx) => {
      await this.#lockClient(identified, caller, tx)
      const signIn = await this.#write(identified, { ...fields, id: context.ids.next('sia') }, caller, tx)
      if (strategy === undefined || isLater) return signIn
      const verification = await codes.prepare(
        signIn,
        identified?.user,
        { stage: 'first', strategy, channel, link, origin },
        tx,
      )
      const changes = { firstFactorVerificationId: verification.id, isCodeFresh: true }
      return this.#store.step(signIn.id, changes, tx)
    })
  }

  /** A wrong password leaves the client's current sign-in alone, but counts. */
  async #createWithPassword(identified: Identified, password: string, caller: Browser): Promise<SignInView> {
    const { context, steps, offers } = this.options
    const id = context.ids.next('sia')
    const proof = offers.factor('first', 'password').read({ password, signal: caller.signal?.() })
    const { read, user: known } = identified
    const shown = { identifier: read.identifier, firstFactor: null, isDecoy: known === undefined }
    const settle = await proof({ kind: 'sign_in', id }, offers.prover(known, 'password', shown))
    const { attempt, user, signIn } = await context.transaction(caller, async (tx) => {
      await this.#lockClient(identified, caller, tx)
      const attempt = await settle(tx)
      if (attempt.status !== 'verified')
        return { attempt, user: await this.#current(identified, tx), signIn: undefined }
      const begun = await this.#write(identified, { id }, caller, tx)
      return {
        attempt,
        user: identified.user,
        signIn: await steps.proved(begun, 'first', 'password', attempt.verification.id, tx),
      }
    })
    if (!signIn) throw steps.refusal({ attempt, user }, { stage: 'first', strategy: 'password', signIn })
    return offers.view(signIn)
  }

  /** Nobody else begins a sign-in in the client from here on, nor signs in. */
  async #lockClient(identified: Identified | undefined, { clientId }: Browser, tx: Tx): Promise<void> {
    await this.options.clientRecords.ensure(clientId, tx)
    await this.options.progress.requireNoSession(clientId, identified?.user?.id ?? null, tx)
  }

  /** Lock the client first. */
  async #write(
    identified: Identified | undefined,
    fields: { id: string; signUpIfMissing?: boolean },
    { clientId }: Browser,
    tx: Tx,
  ): Promise<SignInRecord> {
    const { context, progress, identities } = this.options
    if (!identified) return progress.begin({ ...fields, clientId }, undefined, tx)
    const { read, user, identificationId } = identified
    const isStrict = context.instance.settings.attackProtection.enumerationProtection
    if (user && !isStrict) await identities.check(user, read.identifier, tx)
    const begun = { ...fields, clientId, identifier: read.identifier, isDecoy: user === undefined }
    return progress.begin({ ...begun, identificationId }, user, tx)
  }

  async #current({ user }: Identified, tx: Tx): Promise<User | undefined> {
    return user && this.options.steps.findUser(user.id, tx)
  }

  /** @throws {ApiError} 422 `sign_up_if_missing_not_allowed`, `sign_up_if_missing_strategy_not_supported` */
  #requireSignUpIfMissing({ read }: Identified, strategy: string | undefined): void {
    const { attackProtection, signUp } = this.options.context.instance.settings
    if (!attackProtection.enumerationProtection) {
      throw signInErrors.signUpIfMissingNotAllowed('the instance says itself which identifiers it does not know')
    }
    if (signUp.mode !== 'public') throw signInErrors.signUpIfMissingNotAllowed('not everybody can sign up')
    if (read.type === 'username') throw signInErrors.signUpIfMissingNotAllowed('no code can be sent to a username')
    if (strategy !== undefined && strategy !== 'email_code' && strategy !== 'phone_code') {
      throw signInErrors.signUpIfMissingStrategy(strategy)
    }
  }
}
