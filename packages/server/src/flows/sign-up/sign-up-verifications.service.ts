import { attribute, type PhoneChannel } from '../../instances/settings/attributes.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import { TEST_CODE } from '../../lib/identifiers/index.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import type { EmailAddressService } from '../../resources/email-addresses/email-addresses.service.js'
import type { EmailLinkService, LinkAddressee } from '../../resources/email-links/email-links.service.js'
import { identificationErrors } from '../../resources/identifications/identifications.errors.js'
import { channelTo } from '../../resources/phone-numbers/phone-channels.rules.js'
import type { PhoneNumberService } from '../../resources/phone-numbers/phone-numbers.service.js'
import type { SignUpRecord } from '../../resources/sign-ups/sign-ups.table.js'
import { verificationErrors } from '../../resources/verifications/verifications.errors.js'
import { generateCode } from '../../resources/verifications/verifications.rules.js'
import type { CodeTrial, VerificationService } from '../../resources/verifications/verifications.service.js'
import type { VerificationRecord } from '../../resources/verifications/verifications.table.js'
import type { Tx } from '../../storage/tx.js'
import { signUpFlowErrors } from './sign-up.errors.js'
import { canonicalAddress, codeVerificationJSON, VERIFIED_FIELDS, type VerifiedField } from './sign-up-state.rules.js'

/** What preparing and attempting change in a sign-up. */
export type VerificationChanges = Partial<
  Pick<SignUpRecord, 'verifications' | 'emailAddress' | 'phoneNumber' | 'emailVerificationId' | 'phoneVerificationId'>
>

/** How a code or a link is sent. */
export interface Sending {
  /** Of a code to a phone number, if somebody chose. */
  channel?: PhoneChannel
  /** Where a link leads. */
  redirectUrl?: string
  /** Whether one that is on its way is the answer. Otherwise it is refused within half a minute. */
  isRepeatable?: boolean
}

/** A sign-in in which somebody has proved an identifier that is nobody's. */
export interface TransferableSignIn {
  identifier: string | null
  firstFactor: string | null
  firstFactorVerificationId: string | null
}

interface SignUpVerificationOptions {
  context: InstanceContext
  verifications: VerificationService
  emailAddresses: EmailAddressService
  phoneNumbers: PhoneNumberService
  messages: MessageOutbox
  emailLinks: EmailLinkService
}

/** The codes that prove the identifiers of a sign-up. */
export class SignUpVerificationService {
  constructor(private readonly options: SignUpVerificationOptions) {}

  /**
   * Sends a code. The one before is no longer accepted.
   *
   * @throws {ApiError} 400 `verification_strategy_invalid` or `verification_already_verified`, 429
   *   `verification_code_too_many_requests`
   */
  async prepare(
    signUp: SignUpRecord,
    field: VerifiedField,
    { channel: chosen, redirectUrl, isRepeatable }: Sending,
    tx: Tx,
  ): Promise<VerificationChanges> {
    const { verifications } = this.options
    this.#requireOffered(signUp, field)
    const value = signUp[field.value]!
    const address = field.name === 'email_address' ? canonicalAddress(value) : value
    const before = await this.#sentBefore(signUp, field, tx)
    const wish = { number: value, chosen, isFirst: before === undefined }
    const channel =
      field.strategy === 'phone_code' ? channelTo(wish, this.options.context.instance.settings) : undefined
    const onItsWay = verifications.onItsWay(before, { channel, clientId: signUp.clientId ?? undefined, isRepeatable })
    if (onItsWay) return this.#shown(signUp, onItsWay, field)
    const to = { userId: null, identificationId: address, channel }
    if (field.strategy === 'email_link') {
      const addressee = await this.#linkAddressee(signUp, value, address, field, tx)
      const link = { redirectUrl: redirectUrl!, clientId: signUp.clientId! }
      const started = await this.options.emailLinks.send({ kind: 'sign_up', id: signUp.id, ...to }, addressee, link, tx)
      return { [field.verificationId]: started.id, ...this.#shown(signUp, started, field) }
    }
    const verificationId = verifications.nextId()
    const code = await this.#send(signUp, value, address, { field, channel, verificationId }, tx)
    const sent = { code, verificationId }
    const started = await verifications.start({ kind: 'sign_up', id: signUp.id, ...to }, field.strategy, sent, tx)
    return { [field.verificationId]: started.id, ...this.#shown(signUp, started, field) }
  }

  /** Whether a code was sent and can still be tried. */
  isUnderWay(signUp: SignUpRecord, field: VerifiedField): boolean {
    const verification = signUp.verifications[field.name]
    return verification?.status === 'unverified' && verification.expire_at! > this.options.context.clock.now()
  }

  /**
   * Tries a code; a wrong one is counted, so commit the transaction whatever comes of it.
   *
   * @throws {ApiError} 400 `verification_missing` or `verification_already_verified`
   */
  async attempt(
    signUp: SignUpRecord,
    field: VerifiedField,
    code: string,
    tx: Tx,
  ): Promise<{ result: CodeTrial['result']; changes: VerificationChanges }> {
    const { verifications } = this.options
    const id = signUp[field.verificationId]
    if (signUp.verifications[field.name]?.status === 'verified') throw verificationErrors.alreadyVerified()
    const prepared = id === null ? undefined : await verifications.find(id, tx)
    if (prepared?.strategy !== field.strategy) throw signUpFlowErrors.verificationMissing(field.strategy)
    const { result, verification } = await verifications.tryCode(prepared, code, tx)
    return { result, changes: this.#shown(signUp, verification, field) }
  }

  /** What a sign-in has proved, for a sign-up that takes it over. @returns undefined if it was no code */
  async takeOver(signUp: SignUpRecord, signIn: TransferableSignIn, tx: Tx): Promise<VerificationChanges | undefined> {
    const { verifications, emailAddresses, phoneNumbers } = this.options
    const { identifier, firstFactor, firstFactorVerificationId: id } = signIn
    if (firstFactor !== 'email_code' && firstFactor !== 'phone_code') return undefined
    const verification = id === null ? undefined : await verifications.find(id, tx)
    if (identifier === null || verification?.status !== 'verified') return undefined
    const field = VERIFIED_FIELDS[firstFactor]
    const value =
      field.name === 'email_address' ? emailAddresses.parse(identifier).address : phoneNumbers.parse(identifier)
    return { [field.value]: value, [field.verificationId]: id, ...this.#shown(signUp, verification, field) }
  }

  #requireOffered(signUp: SignUpRecord, { strategy, name, value }: VerifiedField): void {
    const { enabled, verifications } = attribute(this.options.context.instance.settings, name)
    if (!enabled || !verifications.includes(strategy)) {
      throw signUpFlowErrors.strategyInvalid(strategy, 'is not enabled in this instance')
    }
    if (signUp.verifications[name]?.status === 'verified') throw verificationErrors.alreadyVerified()
    if (!signUp[value]) throw signUpFlowErrors.strategyInvalid(strategy, `needs a sign-up with the ${name} given`)
  }

  /** What was sent last in the same way. */
  async #sentBefore(
    signUp: SignUpRecord,
    { verificationId, strategy }: VerifiedField,
    tx: Tx,
  ): Promise<VerificationRecord | undefined> {
    const id = signUp[verificationId]
    const before = id === null ? undefined : await this.options.verifications.find(id, tx)
    return before?.strategy === strategy ? before : undefined
  }

  /**
   * Under enumeration protection an address that a user has gets no code, but a notice, so that the person who signs up
   * cannot tell; such a number gets nothing, since a text message costs.
   *
   * @returns the code that will be accepted: for a taken identifier one that nobody can type
   * @throws {ApiError} 400 `identification_claimed` for a taken identifier without enumeration protection
   */
  async #send(
    { locale }: SignUpRecord,
    value: string,
    address: string,
    { field, channel, verificationId }: Pick<Sending, 'channel'> & { field: VerifiedField; verificationId: string },
    tx: Tx,
  ): Promise<string> {
    const { context, messages } = this.options
    const { instance, random } = context
    const isTest = this.#isTest(address, field)
    const taken = await this.#owner(address, field, tx)
    if (taken && !instance.settings.attackProtection.enumerationProtection) {
      throw identificationErrors.claimed(field.noun)
    }
    if (taken) {
      await messages.pretend(channelOf(field), value, tx)
      if (field.name === 'email_address' && !isTest) {
        await messages.signUpAttempted({ address: taken.address, ...taken.owner }, tx)
      }
      return Buffer.from(random.bytes(32)).toString('hex')
    }
    if (isTest) return TEST_CODE
    const code = generateCode(random)
    const sent = { code, verificationId }
    const recipient = {
      address: value,
      identificationId: null,
      userId: null,
      locale,
      ...(channel && { phoneChannel: channel }),
    }
    if (field.name === 'email_address') await messages.emailCode(recipient, sent, tx)
    else await messages.smsCode(recipient, sent, tx)
    return code
  }

  /** Under enumeration protection the owner of a taken address gets a notice instead of a link. */
  async #linkAddressee(
    { locale }: SignUpRecord,
    value: string,
    address: string,
    field: VerifiedField,
    tx: Tx,
  ): Promise<LinkAddressee> {
    const { context, messages } = this.options
    const taken = await this.#owner(address, field, tx)
    if (!taken) return { address: value, identificationId: null, userId: null, locale }
    if (!context.instance.settings.attackProtection.enumerationProtection) {
      throw identificationErrors.claimed(field.noun)
    }
    await messages.signUpAttempted({ address: taken.address, ...taken.owner }, tx)
    return { decoy: value }
  }

  /** Spends a link. @returns undefined if it no longer counts */
  async openLink(
    signUp: SignUpRecord,
    link: VerificationRecord,
    openedBy: string,
    tx: Tx,
  ): Promise<VerificationChanges | undefined> {
    if (signUp.emailVerificationId !== link.id) return undefined
    const spent = await this.options.emailLinks.spend(link, openedBy, tx)
    return spent && this.#shown(signUp, spent, VERIFIED_FIELDS.email_link)
  }

  async #owner(address: string, { name }: VerifiedField, tx: Tx) {
    const { emailAddresses, phoneNumbers } = this.options
    if (name === 'phone_number') {
      const number = await phoneNumbers.findClaimed(address, tx)
      return number && { address, owner: { identificationId: number.id, userId: number.userId } }
    }
    const email = await emailAddresses.findClaimed(address, tx)
    return email && { address: email.emailAddress, owner: { identificationId: email.id, userId: email.userId } }
  }

  #isTest(address: string, { name }: VerifiedField): boolean {
    const { emailAddresses, phoneNumbers } = this.options
    return name === 'email_address' ? emailAddresses.isTest(address) : phoneNumbers.isTest(address)
  }

  #shown(signUp: SignUpRecord, verification: VerificationRecord, field: VerifiedField): VerificationChanges {
    const json = codeVerificationJSON(verification, field, this.options.context.instance.settings)
    return { verifications: { ...signUp.verifications, [field.name]: json } }
  }
}

function channelOf({ name }: VerifiedField): 'email' | 'sms' {
  return name === 'email_address' ? 'email' : 'sms'
}
