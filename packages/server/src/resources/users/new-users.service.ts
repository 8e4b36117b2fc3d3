import type { CreateUserJSON } from '@latchkey/types'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { IdentifierKind } from '../../instances/settings/identifiers.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import { checkMetadata } from '../../kernel/metadata.js'
import type { Camelized } from '../../kernel/wire.js'
import type { New } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import type { EmailAddressService, ParsedEmailAddress } from '../email-addresses/email-addresses.service.js'
import type { IdentificationStatus } from '../identifications/identifications.rules.js'
import type { PhoneNumberService } from '../phone-numbers/phone-numbers.service.js'
import type { UserCredentialService } from '../user-credentials/user-credentials.service.js'
import type { User } from '../user-records/user-records.rules.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import type { users } from '../user-records/user-records.table.js'
import type { VerificationColumns } from '../verifications/verifications.table.js'
import type { ParsedWeb3Wallet, Web3WalletService } from '../web3-wallets/web3-wallets.service.js'
import { profileChanges } from './user-profile.rules.js'
import { dataMissing, refuseDisabled, requireIdentifiers } from './users.rules.js'

/** The parameters of `POST /users`, and what a seed can say beside them. */
export interface CreateUserInput extends Omit<
  Camelized<CreateUserJSON>,
  'emailAddressIdentificationStatus' | 'phoneNumberIdentificationStatus'
> {
  /** One for each address; without any all are verified. */
  emailAddressIdentificationStatus?: IdentificationStatus[] | undefined
  phoneNumberIdentificationStatus?: IdentificationStatus[] | undefined
  /** How each of the first was verified. Default for a verified one is: by the application. */
  emailAddressVerifications?: (VerificationColumns | undefined)[] | undefined
  phoneNumberVerifications?: (VerificationColumns | undefined)[] | undefined
  /** Default is a new id. The same holds for the ids of the identifiers, which are in the order of the identifiers. */
  id?: string | undefined
  emailAddressIds?: (string | undefined)[] | undefined
  phoneNumberIds?: (string | undefined)[] | undefined
  web3WalletIds?: (string | undefined)[] | undefined
}

interface Identifier<Parsed> {
  id: string
  parsed: Parsed
}

/** One that must be verified. */
interface Verifiable<Parsed> extends Identifier<Parsed> {
  status: IdentificationStatus
  verification: VerificationColumns | undefined
}

/** A new user, checked, with the password hashed: the slow work and the checks that need no transaction are done. */
export interface PreparedUser {
  fields: New<typeof users> & { id: string }
  emails: Verifiable<ParsedEmailAddress>[]
  phones: Verifiable<string>[]
  wallets: Identifier<ParsedWeb3Wallet>[]
}

interface NewUserOptions {
  context: InstanceContext
  userRecords: UserRecords
  userCredentials: UserCredentialService
  emailAddresses: EmailAddressService
  phoneNumbers: PhoneNumberService
  web3Wallets: Web3WalletService
}

/** Creates users with their identifiers and credentials. */
export class NewUserService {
  constructor(private readonly options: NewUserOptions) {}

  async create(input: CreateUserInput, caller: Caller): Promise<User> {
    const prepared = await this.prepare(input, caller.signal?.())
    return this.options.context.transaction(caller, (tx) => this.insert(prepared, tx))
  }

  /** Checks the parameters of a new user and hashes the password; `insert` then writes the user. */
  async prepare(input: CreateUserInput, signal?: AbortSignal): Promise<PreparedUser> {
    const { context, userCredentials } = this.options
    const { instance, clock, ids } = context
    const now = clock.now()
    const profile = profileChanges(input, instance, now)
    const { emails, phones, wallets } = this.#identifiers(input)

    const given = new Set<IdentifierKind>()
    if (emails.length > 0) given.add('emailAddress')
    if (phones.length > 0) given.add('phoneNumber')
    if (wallets.length > 0) given.add('web3Wallet')
    if (profile.username != null) given.add('username')
    for (const kind of given) refuseDisabled(kind, instance)
    requireIdentifiers(given, instance, input.skipUserRequirement === true)
    const { password, lockout } = instance.settings
    const needsPassword = password.enabled && password.required && !input.skipPasswordRequirement
    if (needsPassword && !input.password && !input.passwordDigest) throw dataMissing(['password'])
    if (input.locked && !lockout.enabled) throw errors.featureNotEnabled('Account lockout')

    const names = [
      ...emails.map(({ parsed }) => parsed.address),
      ...phones.map(({ parsed }) => parsed),
      ...(profile.username ? [profile.username] : []),
    ]
    const locksUntil = input.locked && lockout.durationSeconds !== null ? now + lockout.durationSeconds * 1000 : null
    return {
      fields: {
        ...newUser,
        id: input.id ?? ids.next('user'),
        ...profile,
        ...checkMetadata(input),
        ...(await userCredentials.changesOf(input, { names }, signal)),
        banned: input.banned === true,
        locked: input.locked === true,
        lockoutExpiresAt: locksUntil,
        primaryEmailAddressId: emails[0]?.id ?? null,
        primaryEmailAddress: emails[0]?.parsed.canonical ?? null,
        primaryPhoneNumberId: phones[0]?.id ?? null,
        primaryPhoneNumber: phones[0]?.parsed ?? null,
        primaryWeb3WalletId: wallets[0]?.id ?? null,
        primaryWeb3Wallet: wallets[0]?.parsed.canonical ?? null,
      },
      emails,
      phones,
      wallets,
    }
  }

  /** @throws {ApiError} 422 `form_identifier_exists` */
  async insert({ fields, emails, phones, wallets }: PreparedUser, tx: Tx): Promise<User> {
    const { userRecords, emailAddresses, phoneNumbers, web3Wallets } = this.options
    const parts = { emailAddresses: [], phoneNumbers: [], web3Wallets: [], externalAccounts: [], passkeys: [] }
    const user: User = Object.assign(await userRecords.create(fields, tx), parts)
    const userId = user.id
    for (const { parsed, ...email } of emails) {
      user.emailAddresses.push(await emailAddresses.insert({ userId, ...email }, parsed, tx))
    }
    for (const { parsed, ...phone } of phones) {
      user.phoneNumbers.push(await phoneNumbers.insert({ userId, ...phone }, parsed, tx))
    }
    for (const { parsed, id } of wallets) user.web3Wallets.push(await web3Wallets.insert({ userId, id }, parsed, tx))
    const created = await userRecords.created(user, tx)
    for (const address of user.emailAddresses) if (address.claimed) await emailAddresses.settleClaimed(address, tx)
    return created
  }

  #identifiers(input: CreateUserInput): Pick<PreparedUser, 'emails' | 'phones' | 'wallets'> {
    const { context, emailAddresses, phoneNumbers, web3Wallets } = this.options
    const emailStatuses = statusesOf(input.emailAddress, input.emailAddressIdentificationStatus, 'email_address')
    const phoneStatuses = statusesOf(input.phoneNumber, input.phoneNumberIdentificationStatus, 'phone_number')
    const emails = (input.emailAddress ?? []).map((address) => emailAddresses.parse(address))
    requireDistinct(
      emails.map(({ canonical }) => canonical),
      'email_address',
    )
    const phones = (input.phoneNumber ?? []).map((number) => phoneNumbers.parse(number))
    requireDistinct(phones, 'phone_number')
    const wallets = (input.web3Wallet ?? []).map((wallet) => web3Wallets.parse(wallet))
    requireDistinct(
      wallets.map(({ canonical }) => canonical),
      'web3_wallet',
    )
    const idOf = (given: (string | undefined)[] | undefined, index: number) => given?.[index] ?? context.ids.next('idn')
    return {
      emails: emails.map((parsed, index) => ({
        parsed,
        status: emailStatuses[index]!,
        verification: input.emailAddressVerifications?.[index],
        id: idOf(input.emailAddressIds, index),
      })),
      phones: phones.map((parsed, index) => ({
        parsed,
        status: phoneStatuses[index]!,
        verification: input.phoneNumberVerifications?.[index],
        id: idOf(input.phoneNumberIds, index),
      })),
      wallets: wallets.map((parsed, index) => ({ parsed, id: idOf(input.web3WalletIds, index) })),
    }
  }
}

/** The fields with a default of their own. Nullable fields are null by default. */
const newUser = {
  passwordCompromised: false,
  publicMetadata: {},
  privateMetadata: {},
  unsafeMetadata: {},
  failedAttempts: 0,
  deleteSelfEnabled: true,
  createOrganizationEnabled: true,
  bypassClientTrust: false,
}

function statusesOf(
  values: string[] | undefined,
  statuses: IdentificationStatus[] | undefined,
  param: string,
): IdentificationStatus[] {
  if (!statuses || statuses.length === 0) return (values ?? []).map(() => 'verified')
  if (statuses.length !== (values ?? []).length) {
    throw errors.paramArrayLengthMismatch(`${param}_identification_status`, param)
  }
  return statuses
}

/** @throws {ApiError} 422 `form_param_duplicate` */
function requireDistinct(values: string[], param: string): void {
  if (new Set(values).size !== values.length) throw errors.paramDuplicate(param)
}
