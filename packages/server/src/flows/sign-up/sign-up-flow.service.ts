import type { PhoneChannel } from '../../instances/settings/attributes.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { CallerOf } from '../../kernel/caller.js'
import { ApiError } from '../../kernel/errors/api-error.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Page } from '../../kernel/page.js'
import type { ClientRecords } from '../../resources/client-records/client-records.service.js'
import type { EmailLinkService } from '../../resources/email-links/email-links.service.js'
import { identificationErrors } from '../../resources/identifications/identifications.errors.js'
import { signUpStatus } from '../../resources/sign-ups/sign-ups.rules.js'
import type { SignUpService } from '../../resources/sign-ups/sign-ups.service.js'
import type { SignUpRecord } from '../../resources/sign-ups/sign-ups.table.js'
import { verificationErrors } from '../../resources/verifications/verifications.errors.js'
import type { CodeTrial } from '../../resources/verifications/verifications.service.js'
import type { VerificationRecord } from '../../resources/verifications/verifications.table.js'
import type { Tx } from '../../storage/tx.js'
import { next } from '../moves.js'
import { signUpFlowErrors } from './sign-up.errors.js'
import { signUpFields } from './sign-up-fields.rules.js'
import type { SignUpInput, SignUpInputService } from './sign-up-input.service.js'
import { signUpMoves, type SignUpMove } from './sign-up.moves.js'
import { changesTo, factsOf, isKnownStrategy, VERIFIED_FIELDS, type VerifiedField } from './sign-up-state.rules.js'
import type { SignUpCompletionService } from './sign-up-completion.service.js'
import type {
  Sending,
  SignUpVerificationService,
  TransferableSignIn,
  VerificationChanges,
} from './sign-up-verifications.service.js'
import { frontendSignUp, type EnterpriseConnectionChoice } from './sign-ups-frontend.wire.js'

type Browser = CallerOf<'client'>
/** As the completion leaves it, `status` included. */
type Changes = Parameters<SignUpService['change']>[1]

interface StrategyInput extends SignUpInput {
  strategy?: string | null | undefined
  /** How a code goes to a phone number. */
  channel?: PhoneChannel | '' | null | undefined
  /** Where a link leads. */
  redirectUrl?: string | null | undefined
}

/** What a request sends at once. */
interface Preparation extends Sending {
  field: VerifiedField
}

/** The sign-ins of the instance. */
export interface SignInTransfers {
  /** Once only. @returns undefined if the sign-in offers nothing to take over */
  takeTransferable(id: string, clientId: string, tx: Tx): Promise<TransferableSignIn | undefined>
}

interface SignUpFlowOptions {
  context: InstanceContext
  clientRecords: ClientRecords
  signUps: SignUpService
  signUpInputs: SignUpInputService
  signUpVerifications: SignUpVerificationService
  signUpCompletion: SignUpCompletionService
  emailLinks: EmailLinkService
  /** Absent where sign-ins are not served. */
  signIns?: SignInTransfers | undefined
}

/** Sign-ups as people go through them in a browser, field by field, until nothing is missing or unverified. */
export class SignUpFlowService {
  constructor(private readonly options: SignUpFlowOptions) {}

  /** The sign-up that a browser is at. Undefined once it is over. */
  async show(id: string): Promise<SignUpRecord | undefined> {
    const { context, signUps } = this.options
    const signUp = await signUps.find(id)
    return signUp && signUpStatus(signUp, context.clock.now()) === 'missing_requirements' ? signUp : undefined
  }

  /** The same, as the browser sees it. */
  async toJSON(id: string): Promise<unknown> {
    const signUp = await this.show(id)
    return signUp && frontendSignUp.toJSON(signUp, this.options.context)
  }

  /** Also one that is over. @throws {ApiError} 404, also for one of another browser */
  async get(id: string, caller: Browser): Promise<SignUpRecord> {
    return this.#own(await this.options.signUps.get(id), caller)
  }

  /** Those that the person may choose from: none, as no sign-up goes through one. @throws {ApiError} as `get` does */
  async enterpriseConnections(id: string, caller: Browser): Promise<Page<EnterpriseConnectionChoice>> {
    await this.get(id, caller)
    return { data: [], totalCount: 0 }
  }

  /** Begins one, which replaces the one that the browser was at. */
  async create(input: StrategyInput & { transfer?: boolean | null | undefined }, caller: Browser) {
    const { context, clientRecords, signUps, signUpInputs, signUpCompletion } = this.options
    const { clientId } = caller
    await signUpCompletion.requireRoom(clientId)
    const prepares = await this.#toPrepare(input)
    const changes = await signUpInputs.read(input, undefined, caller.signal?.())
    await signUpCompletion.requireAccess(changes, undefined)
    return context.transaction(caller, async (tx) => {
      const { signInId } = await clientRecords.ensure(clientId, tx)
      await signUpCompletion.requireRoom(clientId, tx)
      const begun = await signUps.begin({ clientId }, tx)
      const taken = input.transfer ? await this.#takeOver(begun, signInId, tx) : undefined
      await clientRecords.change(clientId, { signUpId: begun.id, ...(taken ? { signInId: null } : {}) }, tx)
      const applied = { ...changesTo(begun, changes, context.instance.settings), ...taken }
      return this.#goOn(begun, 'update', applied, { strategy: wayOf(input), prepares }, tx)
    })
  }

  /** @throws {ApiError} 404, 403 for one that was replaced, 410 after a day, 400 once complete, 422 for what is wrong */
  async update(id: string, input: StrategyInput, caller: Browser): Promise<SignUpRecord> {
    const { context, signUpInputs, signUpCompletion } = this.options
    const current = await this.get(id, caller)
    this.#requireMove(current, 'update')
    const prepares = await this.#toPrepare(input)
    const changes = await signUpInputs.read(input, current, caller.signal?.())
    await signUpCompletion.requireAccess(changes, current)
    return context.transaction(caller, async (tx) => {
      const signUp = await this.#locked(id, 'update', caller, tx)
      const applied = changesTo(signUp, changes, context.instance.settings)
      return this.#goOn(signUp, 'update', applied, { strategy: wayOf(input), prepares }, tx)
    })
  }

  /** @throws {ApiError} as `update`, and as `SignUpVerificationService.prepare` */
  async prepare(
    id: string,
    {
      strategy,
      isRepeatable,
      ...input
    }: Pick<StrategyInput, 'strategy' | 'channel' | 'redirectUrl'> & Pick<Sending, 'isRepeatable'>,
    caller: Browser,
  ): Promise<SignUpRecord> {
    const { context, signUps, signUpVerifications } = this.options
    const field = fieldOf(strategy)
    const sending = { ...(await this.#sendingOf(field, input)), isRepeatable }
    return context.transaction(caller, async (tx) => {
      const signUp = await this.#locked(id, 'prepare_verification', caller, tx)
      return signUps.change(id, await signUpVerifications.prepare(signUp, field, sending, tx), tx)
    })
  }

  /**
   * @throws {ApiError} as `update`; 422 `form_code_incorrect`, 400 `verification_…`, 400 `identification_claimed` if
   *   somebody else has proved the identifier meanwhile
   */
  async attempt(
    id: string,
    { strategy, code }: { strategy?: string | null | undefined; code?: string | null | undefined },
    caller: Browser,
  ): Promise<SignUpRecord> {
    const { context, signUps, signUpVerifications } = this.options
    const field = fieldOf(strategy)
    if (field.strategy === 'email_link') {
      throw signUpFlowErrors.strategyInvalid(field.strategy, 'is proved by opening the link in the mail')
    }
    if (!code) throw errors.paramMissing('code')
    const attempt = context.transaction(caller, async (tx) => {
      const signUp = await this.#locked(id, 'attempt_verification', caller, tx)
      const { result, changes } = await signUpVerifications.attempt(signUp, field, code, tx)
      if (result === 'verified') {
        return { signUp: await this.#goOn(signUp, 'attempt_verification', changes, { strategy: field.strategy }, tx) }
      }
      await signUps.change(id, changes, tx)
      return { refusal: refusals[result]() }
    })
    // Thrown once the transaction is committed, which has counted the wrong code.
    const { signUp, refusal } = await attempt.catch((error: unknown) => {
      throw claimedMeanwhile(error)
    })
    if (refusal) throw refusal
    return signUp
  }

  /**
   * Goes on with the sign-up of whichever browser has asked for the link.
   *
   * @returns undefined if the link no longer counts
   * @throws {ApiError} as `attempt` does
   */
  async openLink(link: VerificationRecord, caller: Browser, tx: Tx): Promise<SignUpRecord | undefined> {
    const began = { ...caller, clientId: link.startedAtClient! }
    const signUp = await this.#locked(link.subjectId, 'attempt_verification', began, tx)
    const changes = await this.options.signUpVerifications.openLink(signUp, link, caller.clientId, tx)
    return changes && this.#goOn(signUp, 'attempt_verification', changes, { strategy: 'email_link' }, tx)
  }

  async #sendingOf(
    { strategy }: VerifiedField,
    { channel, redirectUrl }: Pick<StrategyInput, 'channel' | 'redirectUrl'>,
  ): Promise<Sending> {
    if (strategy === 'email_link') return { redirectUrl: await this.options.emailLinks.target(redirectUrl) }
    return strategy === 'phone_code' && channel ? { channel } : {}
  }

  async #toPrepare(input: StrategyInput): Promise<Preparation | undefined> {
    const field = this.#fieldToPrepare(input)
    return field && { field, ...(await this.#sendingOf(field, input)) }
  }

  /** @throws {ApiError} 400 `account_transfer_invalid` */
  async #takeOver(signUp: SignUpRecord, signInId: string | null, tx: Tx): Promise<VerificationChanges> {
    const { signIns, signUpVerifications } = this.options
    const signIn = signInId === null ? undefined : await signIns?.takeTransferable(signInId, signUp.clientId!, tx)
    const taken = signIn && (await signUpVerifications.takeOver(signUp, signIn, tx))
    if (!taken) throw signUpFlowErrors.transferInvalid()
    return taken
  }

  /** Writes the changes and what follows: what is still missing, a code that is asked for, and in the end the user. */
  async #goOn(
    signUp: SignUpRecord,
    move: SignUpMove,
    changes: Changes,
    { strategy, prepares }: { strategy: string | null; prepares?: Preparation | undefined },
    tx: Tx,
  ): Promise<SignUpRecord> {
    const { context, clientRecords, signUps, signUpVerifications, signUpCompletion } = this.options
    const { settings } = context.instance
    const facts = factsOf({ ...signUp, ...changes })
    const { required, optional, missing, unverified } = signUpFields(facts, settings)
    const lists = {
      requiredFields: required,
      optionalFields: optional,
      missingFields: missing,
      unverifiedFields: unverified,
    }
    const changed = await signUps.change(signUp.id, { ...changes, ...lists }, tx)
    const status = next(signUpMoves, 'missing_requirements', move, facts, settings)
    if (status === 'complete') return signUpCompletion.complete(changed, strategy, tx)
    if (move === 'attempt_verification') await clientRecords.protect(signUp.clientId!, tx)
    if (!prepares) return changed
    const { field, ...sending } = prepares
    if (changed[field.value] === null) throw errors.paramMissing(field.name)
    if (!unverified.includes(field.name) || signUpVerifications.isUnderWay(changed, field)) return changed
    return signUps.change(signUp.id, await signUpVerifications.prepare(changed, field, sending, tx), tx)
  }

  /** The browser's row too, so that what it begins and completes at once happens one after the other. */
  async #locked(id: string, move: SignUpMove, caller: Browser, tx: Tx): Promise<SignUpRecord> {
    const { clientRecords, signUps } = this.options
    this.#own(await signUps.get(id, tx), caller)
    const { signUpId } = await clientRecords.current(caller, tx)
    const signUp = await signUps.locked(id, tx)
    this.#requireMove(signUp, move)
    if (signUpId !== id) throw signUpFlowErrors.replaced()
    return signUp
  }

  #own(signUp: SignUpRecord, { clientId }: Browser): SignUpRecord {
    if (signUp.clientId !== clientId) throw errors.resourceNotFound('sign-up', signUp.id)
    return signUp
  }

  #requireMove(signUp: SignUpRecord, move: SignUpMove): void {
    const { clock, instance } = this.options.context
    const outcome = next(signUpMoves, signUpStatus(signUp, clock.now()), move, factsOf(signUp), instance.settings)
    if (typeof outcome !== 'string') throw signUpFlowErrors.refused(outcome)
  }

  /**
   * The identifier to which a code is sent at once, where the request names a strategy.
   *
   * @throws {ApiError} 422 for a strategy that is unknown, or without its parameter, 400 for one that is not served
   */
  #fieldToPrepare({ strategy, ...input }: StrategyInput): VerifiedField | undefined {
    if (!strategy) return undefined
    // Neither sends a code. `signUp.password()` of the newest clerk-js names its strategy, which the contract leaves out.
    if (strategy !== 'ticket' && strategy !== 'password') return fieldOf(strategy)
    if (!input[strategy]) throw errors.paramMissing(strategy)
    return undefined
  }
}

/** What the browser remembers if the request completes the sign-up. */
function wayOf({ ticket, password }: StrategyInput): string | null {
  if (ticket) return 'ticket'
  return password ? 'password' : null
}

/** @throws {ApiError} 422 for a strategy that is missing or unknown, 400 for one without a code */
function fieldOf(strategy: string | null | undefined): VerifiedField {
  if (!strategy) throw errors.paramMissing('strategy')
  if (strategy === 'email_code' || strategy === 'email_link' || strategy === 'phone_code') {
    return VERIFIED_FIELDS[strategy]
  }
  if (isKnownStrategy(strategy)) throw signUpFlowErrors.strategyInvalid(strategy, 'cannot be used here')
  throw errors.paramValueInvalid('strategy', 'is not a strategy of sign-ups')
}

const refusals: Record<Exclude<CodeTrial['result'], 'verified'>, () => ApiError> = {
  wrong: signUpFlowErrors.codeIncorrect,
  failed: signUpFlowErrors.verificationFailed,
  expired: signUpFlowErrors.verificationExpired,
  already_verified: verificationErrors.alreadyVerified,
}

/** Of two who prove one identifier, which is free while they do, the second is told so. */
function claimedMeanwhile(error: unknown): unknown {
  if (!(error instanceof ApiError)) return error
  const taken = error.errors.find(({ code }) => code === 'form_identifier_exists')?.meta?.['param_name']
  const field = Object.values(VERIFIED_FIELDS).find(({ name }) => name === taken)
  return field ? identificationErrors.claimed(field.noun) : error
}
