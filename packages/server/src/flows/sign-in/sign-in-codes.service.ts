import { factorErrors } from '../../factors/factors.errors.js'
import type { Offer, PrepareParams } from '../../factors/factor.js'
import { identificationOf } from '../../factors/offers.rules.js'
import type { PhoneChannel } from '../../instances/settings/attributes.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import { errors } from '../../kernel/errors/errors.js'
import { isTestEmailAddress, isTestPhoneNumber, TEST_CODE } from '../../lib/identifiers/index.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import type { EmailLinkService } from '../../resources/email-links/email-links.service.js'
import { channelTo, type CodeToNumber } from '../../resources/phone-numbers/phone-channels.rules.js'
import type { User } from '../../resources/user-records/user-records.rules.js'
import { generateCode } from '../../resources/verifications/verifications.rules.js'
import type { VerificationService } from '../../resources/verifications/verifications.service.js'
import type { VerificationRecord } from '../../resources/verifications/verifications.table.js'
import type { Tx } from '../../storage/tx.js'
import { signInErrors } from './sign-in.errors.js'
import type { SignInOffers, Stage } from './sign-in-offers.service.js'
import type { SignInRecord } from './sign-ins.table.js'

interface SignInCodesOptions {
  context: InstanceContext
  offers: SignInOffers
  verifications: VerificationService
  messages: MessageOutbox
  emailLinks: EmailLinkService
}

export interface CodeRequest extends PrepareParams {
  stage: Stage
  strategy: string
  /** Whether one that is on its way is the answer. Otherwise it is refused within half a minute. */
  isRepeatable?: boolean
}

/** Sends the codes of sign-ins: no second one within 30 seconds, and none for a decoy, which looks the same. */
export class SignInCodes {
  constructor(private readonly options: SignInCodesOptions) {}

  /**
   * Sends a code, or returns one that is on its way already. Call it in the transaction that has locked the sign-in.
   *
   * @param user undefined for a decoy
   * @throws {ApiError} 400 `strategy_for_user_invalid`, `verification_strategy_invalid` for a strategy that sends
   *   nothing, 422 `form_resource_not_found`, 429 `verification_code_too_many_requests`
   */
  async prepare(
    signIn: SignInRecord,
    user: User | undefined,
    request: CodeRequest,
    tx: Tx,
  ): Promise<VerificationRecord> {
    const { offers } = this.options
    const { stage, strategy, isRepeatable, ...params } = request
    if (strategy === 'email_link' && signIn.signUpIfMissing) throw signInErrors.signUpIfMissingStrategy(strategy)
    const factor = offers.factor(stage, strategy)
    if (!factor.prepare) throw signInErrors.strategyInvalid(strategy)
    const isHidden = stage === 'first' && offers.hides(signIn)
    const ofStrategy = (all: Offer[]) => all.filter((offer) => offer.strategy === strategy)
    const real = user ? ofStrategy(offers.of(stage, user, signIn)) : []
    const shown = chooseTarget(isHidden ? ofStrategy(offers.ofDecoy(signIn)) : real, request, signIn)
    // What everybody is shown stands for what was typed or, for a username, for the primary address.
    const own = isHidden
      ? (real.find((offer) => identificationOf(offer) === signIn.identificationId) ?? real[0])
      : shown
    const target = own ?? shown
    const to = identificationOf(target)
    // Where there is no address or number, nothing is sent.
    const before =
      to === undefined ? undefined : await this.options.verifications.findNewest(signIn.id, strategy, tx, to)
    const channel = this.#channelTo(target, { signIn, user, chosen: params.channel, isFirst: before === undefined })
    const onItsWay = this.#onItsWay(signIn, before, { isRepeatable, channel })
    if (onItsWay) return onItsWay
    const addressee = { ...params, ...addresseeOf(target), channel }
    return user && own
      ? factor.prepare({ kind: 'sign_in', id: signIn.id }, user, addressee, tx)
      : this.#pretend(signIn, { ...request, channel }, target, tx)
  }

  #channelTo(
    target: Offer,
    { signIn, user, ...wish }: { signIn: SignInRecord; user: User | undefined } & Omit<CodeToNumber, 'number'>,
  ): PhoneChannel | undefined {
    if (!('phoneNumberId' in target)) return undefined
    // Nobody's number is what was typed.
    const own = user?.phoneNumbers.find(({ id }) => id === target.phoneNumberId)
    return channelTo(
      { number: own?.phoneNumber ?? signIn.identifier!, ...wish },
      this.options.context.instance.settings,
    )
  }

  /**
   * @returns the code that the request which began the sign-in has sent, what may be asked for again, or the link that is
   *   on its way
   * @throws {ApiError} 429 for any other one that is younger than 30 seconds
   */
  #onItsWay(
    { clientId, isCodeFresh, firstFactorVerificationId }: SignInRecord,
    before: VerificationRecord | undefined,
    { isRepeatable, channel }: Pick<CodeRequest, 'isRepeatable' | 'channel'>,
  ): VerificationRecord | undefined {
    try {
      return this.options.verifications.onItsWay(before, { channel, clientId, isRepeatable })
    } catch (error) {
      if (isCodeFresh && before?.id === firstFactorVerificationId) return before
      throw error
    }
  }

  async #pretend(
    { id, identifier, signUpIfMissing }: SignInRecord,
    { strategy, channel, link }: CodeRequest,
    target: Offer,
    tx: Tx,
  ): Promise<VerificationRecord> {
    const { context, verifications, emailLinks, messages } = this.options
    const identificationId = identificationOf(target) ?? null
    const subject = { kind: 'sign_in' as const, id, userId: null, identificationId, channel }
    const isReal = signUpIfMissing && identifier !== null && (strategy === 'email_code' || strategy === 'phone_code')
    const by = strategy.includes('phone_code') ? 'sms' : 'email'
    if (link) return emailLinks.send(subject, { decoy: identifier }, link, tx)
    // No six digits equal it.
    const impossible = Buffer.from(context.random.bytes(16)).toString('hex')
    if (!isReal && identifier !== null) await messages.pretend(by, identifier, tx)
    const verificationId = verifications.nextId()
    const code = isReal ? await this.#sendToNobody(identifier, { strategy, channel, verificationId }, tx) : impossible
    return verifications.start(subject, strategy, { code, verificationId }, tx)
  }

  /** To an address or number that no user has yet. */
  async #sendToNobody(
    address: string,
    {
      strategy,
      channel,
      verificationId,
    }: { strategy: 'email_code' | 'phone_code'; channel: PhoneChannel | undefined; verificationId: string },
    tx: Tx,
  ): Promise<string> {
    const { context, messages } = this.options
    const isTest = strategy === 'email_code' ? isTestEmailAddress(address) : isTestPhoneNumber(address)
    if (isTest && context.instance.settings.testMode) return TEST_CODE
    const code = generateCode(context.random)
    const recipient = { address, identificationId: null, userId: null, ...(channel && { phoneChannel: channel }) }
    if (strategy === 'email_code') await messages.emailCode(recipient, { code, verificationId }, tx)
    else await messages.smsCode(recipient, { code, verificationId }, tx)
    return code
  }
}

function addresseeOf(offer: Offer): PrepareParams {
  if ('emailAddressId' in offer) return { emailAddressId: offer.emailAddressId }
  return 'phoneNumberId' in offer ? { phoneNumberId: offer.phoneNumberId } : {}
}

/** The one that was asked for; else the one that was typed; else the first. */
function chooseTarget(
  offered: readonly Offer[],
  { strategy, emailAddressId, phoneNumberId }: CodeRequest,
  { identificationId }: SignInRecord,
): Offer {
  const [first] = offered
  if (!first) throw factorErrors.strategyForUserInvalid(strategy)
  const [param, id] =
    'emailAddressId' in first ? ['email_address_id', emailAddressId] : ['phone_number_id', phoneNumberId]
  const find = (wanted: string | null) => offered.find((offer) => identificationOf(offer) === wanted)
  if (id === undefined) return find(identificationId) ?? first
  const chosen = find(id)
  if (!chosen) throw errors.formResourceNotFound(param!, id)
  return chosen
}
