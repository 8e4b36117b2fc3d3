import { errors } from '../../http/errors.js'
import type { UserRecord } from '../../storage/tables.js'
import type {
  EmailAddressService,
  IdentificationStatus,
  ParsedEmailAddress,
} from '../email-addresses/email-addresses.service.js'
import type { InstanceContext } from '../instances/instance-context.js'
import type { PhoneNumberService } from '../phone-numbers/phone-numbers.service.js'
import type { Web3WalletService } from '../web3-wallets/web3-wallets.service.js'
import { credentialChanges, type CredentialsInput } from './credentials.js'
import { checkMetadata, type MetadataInput } from './metadata.js'
import { dataMissing, refuseDisabled, requireIdentifiers, type IdentifierKind } from './users.rules.js'

/** The parameters that creating and updating a user share. */
export interface ProfileInput extends CredentialsInput, MetadataInput {
  externalId?: string | null | undefined
  firstName?: string | null | undefined
  lastName?: string | null | undefined
  locale?: string | null | undefined
  username?: string | null | undefined
  deleteSelfEnabled?: boolean | null | undefined
  createOrganizationEnabled?: boolean | null | undefined
  createOrganizationsLimit?: number | null | undefined
  bypassClientTrust?: boolean | null | undefined
  /** RFC 3339. */
  legalAcceptedAt?: string | null | undefined
  /** RFC 3339. */
  createdAt?: string | null | undefined
}

export interface CreateUserInput extends ProfileInput {
  /** Default is a new one; so for the ids of the identifiers, which stand in their order. */
  id?: string | undefined
  emailAddressIds?: (string | undefined)[] | undefined
  phoneNumberIds?: (string | undefined)[] | undefined
  web3WalletIds?: (string | undefined)[] | undefined
  emailAddresses?: string[] | undefined
  /** One for each address; none at all means all are verified. */
  emailAddressStatuses?: IdentificationStatus[] | undefined
  phoneNumbers?: string[] | undefined
  phoneNumberStatuses?: IdentificationStatus[] | undefined
  web3Wallets?: string[] | undefined
  skipPasswordRequirement?: boolean | null | undefined
  skipUserRequirement?: boolean | null | undefined
  banned?: boolean | null | undefined
  locked?: boolean | null | undefined
}

/** A new user, checked, with the password hashed: all that takes time and all that can be wrong by itself. */
export interface PreparedUser {
  record: UserRecord
  emails: { parsed: ParsedEmailAddress; status: IdentificationStatus; id: string | undefined }[]
  phones: { parsed: ReturnType<PhoneNumberService['parse']>; status: IdentificationStatus; id: string | undefined }[]
  wallets: { parsed: ReturnType<Web3WalletService['parse']>; id: string | undefined }[]
}

interface PrepareOptions {
  context: InstanceContext
  emailAddresses: EmailAddressService
  phoneNumbers: PhoneNumberService
  web3Wallets: Web3WalletService
}

/** @param changes what the profile's parameters say */
export async function prepareUser(
  input: CreateUserInput,
  changes: Partial<UserRecord>,
  { context, emailAddresses, phoneNumbers, web3Wallets }: PrepareOptions,
): Promise<PreparedUser> {
  const { instance, clock, ids } = context
  const now = clock.now()
  const statusesOfEmails = statusesOf(input.emailAddresses, input.emailAddressStatuses, 'email_address')
  const statusesOfPhones = statusesOf(input.phoneNumbers, input.phoneNumberStatuses, 'phone_number')
  const emails = distinct(
    (input.emailAddresses ?? []).map((address) => emailAddresses.parse(address)),
    ({ canonical }) => canonical,
    'email_address',
  )
  const phones = distinct(
    (input.phoneNumbers ?? []).map((number) => phoneNumbers.parse(number)),
    (number) => number,
    'phone_number',
  )
  const wallets = distinct(
    (input.web3Wallets ?? []).map((wallet) => web3Wallets.parse(wallet)),
    ({ canonical }) => canonical,
    'web3_wallet',
  )
  const { username = null, usernameCanonical = null, ...profile } = changes

  const given = new Set<IdentifierKind>()
  if (emails.length > 0) given.add('emailAddress')
  if (phones.length > 0) given.add('phoneNumber')
  if (wallets.length > 0) given.add('web3Wallet')
  if (username !== null) given.add('username')
  for (const kind of given) refuseDisabled(kind, instance)
  requireIdentifiers(given, instance, input.skipUserRequirement === true)
  const { password, lockout } = instance.settings
  if (
    password.enabled &&
    password.required &&
    !input.password &&
    !input.passwordDigest &&
    !input.skipPasswordRequirement
  )
    throw dataMissing(['password'])

  if (input.locked && !lockout.enabled) throw errors.featureNotEnabled('Account lockout')

  const identifiers = [...emails.map(({ address }) => address), ...phones, ...(username ? [username] : [])]
  const credentials = await credentialChanges(input, identifiers, context)
  const record: UserRecord = {
    ...newUser,
    id: input.id ?? ids.next('user'),
    instanceId: instance.id,
    username,
    usernameCanonical,
    ...profile,
    ...checkMetadata(input),
    ...credentials,
    banned: input.banned === true,
    locked: input.locked === true,
    lockoutExpiresAt: input.locked && lockout.durationSeconds !== null ? now + lockout.durationSeconds * 1000 : null,
    createdAt: profile.createdAt ?? now,
    updatedAt: now,
  }
  return {
    record,
    emails: emails.map((parsed, index) => ({
      parsed,
      status: statusesOfEmails[index]!,
      id: input.emailAddressIds?.[index],
    })),
    phones: phones.map((parsed, index) => ({
      parsed,
      status: statusesOfPhones[index]!,
      id: input.phoneNumberIds?.[index],
    })),
    wallets: wallets.map((parsed, index) => ({ parsed, id: input.web3WalletIds?.[index] })),
  }
}

/** What nobody has set yet. */
const newUser = {
  externalId: null,
  firstName: null,
  lastName: null,
  locale: null,
  primaryEmailAddressId: null,
  primaryPhoneNumberId: null,
  primaryWeb3WalletId: null,
  imageId: null,
  passwordDigest: null,
  passwordHasher: null,
  passwordUpdatedAt: null,
  passwordCompromised: false,
  totpSecret: null,
  totpUsedStep: null,
  backupCodes: null,
  mfaEnabledAt: null,
  mfaDisabledAt: null,
  publicMetadata: {},
  privateMetadata: {},
  unsafeMetadata: {},
  failedAttempts: 0,
  deleteSelfEnabled: true,
  createOrganizationEnabled: true,
  createOrganizationsLimit: null,
  bypassClientTrust: false,
  legalAcceptedAt: null,
  lastSignInAt: null,
  lastActiveAt: null,
  primaryEmailAddress: null,
  primaryPhoneNumber: null,
  primaryWeb3Wallet: null,
} satisfies Partial<UserRecord>

function statusesOf(
  values: string[] | undefined,
  statuses: IdentificationStatus[] | undefined,
  param: string,
): IdentificationStatus[] {
  if (!statuses || statuses.length === 0) return (values ?? []).map(() => 'verified')
  if (statuses.length !== (values ?? []).length)
    throw errors.paramArrayLengthMismatch(`${param}_identification_status`, param)
  return statuses
}

/** @throws {ApiError} 422 `form_param_duplicate` */
function distinct<T>(values: T[], key: (value: T) => string, param: string): T[] {
  if (new Set(values.map(key)).size !== values.length) throw errors.paramDuplicate(param)
  return values
}
