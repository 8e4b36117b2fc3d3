import { attribute, type AttributeName } from '../../instances/settings/attributes.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import { ApiError, type ApiErrorItem } from '../../kernel/errors/api-error.js'
import { errors } from '../../kernel/errors/errors.js'
import { checkMetadata, type Metadata } from '../../kernel/metadata.js'
import type { EmailAddressService } from '../../resources/email-addresses/email-addresses.service.js'
import type { PhoneNumberService } from '../../resources/phone-numbers/phone-numbers.service.js'
import type { SignUpRecord } from '../../resources/sign-ups/sign-ups.table.js'
import type { UserCredentialService } from '../../resources/user-credentials/user-credentials.service.js'
import type { UserRecords } from '../../resources/user-records/user-records.service.js'
import { parseLocale, parseUsername } from '../../resources/users/users.rules.js'
import { signUpFlowErrors } from './sign-up.errors.js'
import { sameAddress, type SignUpChanges, type SignUpFieldChanges, type SignUpTicket } from './sign-up-state.rules.js'
import type { SignUpTicketService } from './sign-up-tickets.service.js'

type Given<T> = T | null | undefined

/** What a person can say of themselves. An empty text is as good as none, but for names, which it clears. */
export interface SignUpInput {
  emailAddress?: Given<string>
  phoneNumber?: Given<string>
  /** Taken for a phone number if it has no `@`. */
  emailAddressOrPhoneNumber?: Given<string>
  username?: Given<string>
  password?: Given<string>
  firstName?: Given<string>
  lastName?: Given<string>
  unsafeMetadata?: Given<Metadata>
  legalAccepted?: Given<boolean>
  locale?: Given<string>
  ticket?: Given<string>
}

interface SignUpInputOptions {
  context: InstanceContext
  emailAddresses: EmailAddressService
  phoneNumbers: PhoneNumberService
  userRecords: UserRecords
  userCredentials: UserCredentialService
  signUpTickets: SignUpTicketService
}

/** Reads and checks what a person gives, before a transaction opens: all that is slow is done here. */
export class SignUpInputService {
  constructor(private readonly options: SignUpInputOptions) {}

  /**
   * @param current the sign-up that goes on; undefined for one that begins
   * @throws {ApiError} 422 with everything that is wrong with the fields, 400 for a ticket that cannot be used
   */
  async read(input: SignUpInput, current: SignUpRecord | undefined, signal?: AbortSignal): Promise<SignUpChanges> {
    const ticket = input.ticket ? await this.options.signUpTickets.read(input.ticket) : undefined
    const { fields, problems } = await this.#fields(withOneOfTwo(input), ticket)
    const names = [
      ticket?.emailAddress ?? fields.emailAddress ?? current?.emailAddress,
      fields.phoneNumber ?? current?.phoneNumber,
      fields.username ?? current?.username,
    ].filter((name) => name != null)
    await collect(problems, async () => {
      if (!input.password) return
      this.#requireEnabled('password')
      const digest = await this.options.userCredentials.changesOf({ password: input.password }, { names }, signal)
      fields.passwordDigest = digest.passwordDigest!
      fields.passwordHasher = digest.passwordHasher!
    })
    if (problems.length > 0) throw new ApiError(422, problems)
    return { fields, ticket }
  }

  async #fields(
    input: SignUpInput,
    ticket: SignUpTicket | undefined,
  ): Promise<{ fields: SignUpFieldChanges; problems: ApiErrorItem[] }> {
    const { clock, instance } = this.options.context
    const fields: SignUpFieldChanges = {}
    const problems: ApiErrorItem[] = []
    await collect(problems, async () => {
      if (!input.emailAddress) return
      fields.emailAddress = await this.#emailAddress(input.emailAddress)
      const isOther = ticket && !sameAddress(fields.emailAddress, ticket.emailAddress)
      if (isOther) throw signUpFlowErrors.fixedByTicket('email_address')
    })
    await collect(problems, async () => {
      if (input.phoneNumber) fields.phoneNumber = await this.#phoneNumber(input.phoneNumber)
    })
    await collect(problems, async () => {
      if (input.username) fields.username = await this.#username(input.username)
    })
    await collect(problems, () => {
      if (input.firstName !== undefined) fields.firstName = this.#name('first_name', input.firstName)
    })
    await collect(problems, () => {
      if (input.lastName !== undefined) fields.lastName = this.#name('last_name', input.lastName)
    })
    await collect(problems, () => {
      if (input.locale) fields.locale = parseLocale(input.locale)
    })
    await collect(problems, () => {
      const { unsafeMetadata } = checkMetadata({ unsafeMetadata: input.unsafeMetadata ?? undefined })
      if (unsafeMetadata) fields.unsafeMetadata = unsafeMetadata
    })
    await collect(problems, () => {
      if (input.legalAccepted === true) fields.legalAcceptedAt = clock.now()
      const refused = input.legalAccepted === false && instance.settings.signUp.legalConsentEnabled
      if (refused) throw signUpFlowErrors.legalNotAccepted()
    })
    return { fields, problems }
  }

  /** With enumeration protection nobody learns that a user has the address; see `SignUpVerificationService`. */
  async #emailAddress(text: string): Promise<string> {
    const { emailAddresses } = this.options
    this.#requireEnabled('email_address')
    const { address, canonical } = emailAddresses.parse(text)
    if (!this.#hides() && (await emailAddresses.findClaimed(canonical))) throw errors.identifierExists('email_address')
    return address
  }

  async #phoneNumber(text: string): Promise<string> {
    const { phoneNumbers } = this.options
    this.#requireEnabled('phone_number')
    const number = phoneNumbers.parse(text)
    if (!this.#hides() && (await phoneNumbers.findClaimed(number))) throw errors.identifierExists('phone_number')
    return number
  }

  /** Whether a name is taken is no secret: people have to find one that is not. */
  async #username(text: string): Promise<string> {
    this.#requireEnabled('username')
    const { username, canonical } = parseUsername(text, this.options.context.instance)
    if (await this.options.userRecords.isUsernameTaken(canonical)) throw errors.identifierExists('username')
    return username
  }

  #name(attributeName: 'first_name' | 'last_name', text: string | null): string | null {
    if (text === null || text.trim() === '') return null
    this.#requireEnabled(attributeName)
    return text
  }

  #requireEnabled(name: AttributeName): void {
    if (!attribute(this.options.context.instance.settings, name).enabled) throw errors.paramUnknown(name)
  }

  #hides(): boolean {
    return this.options.context.instance.settings.attackProtection.enumerationProtection
  }
}

function withOneOfTwo(input: SignUpInput): SignUpInput {
  const either = input.emailAddressOrPhoneNumber
  if (!either) return input
  return either.includes('@') ? { emailAddress: either, ...input } : { phoneNumber: either, ...input }
}

/** Notes what is wrong with a field, so that the person learns everything at once. */
async function collect(problems: ApiErrorItem[], read: () => Promise<void> | void): Promise<void> {
  try {
    await read()
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 422) throw error
    problems.push(...error.errors)
  }
}
