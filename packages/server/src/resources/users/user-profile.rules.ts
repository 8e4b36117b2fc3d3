import type { Instance } from '../../instances/instance.js'
import { errors } from '../../kernel/errors/errors.js'
import type { UserChanges } from '../user-records/user-records.table.js'
import type { User } from '../user-records/user-records.rules.js'
import { parseLocale, parsePastTime, parseUsername } from './users.rules.js'

/** The parameters that creating and updating a user share, but for credentials and metadata. */
export interface ProfileInput {
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

/** The primary identifiers that an update can choose. */
export interface PrimaryInput {
  primaryEmailAddressId?: string | null | undefined
  primaryPhoneNumberId?: string | null | undefined
  primaryWeb3WalletId?: string | null | undefined
}

/**
 * The changes to the user's row that the profile's parameters ask for.
 *
 * @param now Unix milliseconds
 * @throws {ApiError} 422 for a locale, username or time against the rules
 */
export function profileChanges(input: ProfileInput, instance: Instance, now: number): UserChanges {
  const changes: UserChanges = {}
  if (input.externalId !== undefined) changes.externalId = input.externalId === '' ? null : input.externalId
  if (input.firstName !== undefined) changes.firstName = input.firstName
  if (input.lastName !== undefined) changes.lastName = input.lastName
  if (input.locale !== undefined) changes.locale = input.locale ? parseLocale(input.locale) : null
  if (input.username !== undefined) {
    const username = input.username ? parseUsername(input.username, instance) : null
    changes.username = username?.username ?? null
    changes.usernameCanonical = username?.canonical ?? null
  }
  if (typeof input.deleteSelfEnabled === 'boolean') changes.deleteSelfEnabled = input.deleteSelfEnabled
  if (typeof input.createOrganizationEnabled === 'boolean') {
    changes.createOrganizationEnabled = input.createOrganizationEnabled
  }
  if (input.createOrganizationsLimit !== undefined) changes.createOrganizationsLimit = input.createOrganizationsLimit
  if (typeof input.bypassClientTrust === 'boolean') changes.bypassClientTrust = input.bypassClientTrust
  if (input.legalAcceptedAt !== undefined) {
    const accepted = input.legalAcceptedAt
    changes.legalAcceptedAt = accepted === null ? null : parsePastTime(accepted, 'legal_accepted_at', now)
  }
  if (typeof input.createdAt === 'string') changes.createdAt = parsePastTime(input.createdAt, 'created_at', now)
  return changes
}

/**
 * The primary identifiers that are asked for, each verified and the user's own.
 *
 * @throws {ApiError} 422 `form_resource_not_found` or `form_verification_needed`
 */
export function primaryChanges(user: User, input: PrimaryInput): UserChanges {
  const changes: UserChanges = {}
  const own = [
    ['primaryEmailAddressId', 'primary_email_address_id', user.emailAddresses],
    ['primaryPhoneNumberId', 'primary_phone_number_id', user.phoneNumbers],
    ['primaryWeb3WalletId', 'primary_web3_wallet_id', user.web3Wallets],
  ] as const
  for (const [name, param, identifiers] of own) {
    const id = input[name]
    if (!id) continue
    const identifier = identifiers.find((row) => row.id === id)
    if (!identifier) throw errors.formResourceNotFound(param, id)
    if (identifier.verificationStatus !== 'verified') throw errors.verificationNeeded(param)
    changes[name] = id
  }
  return changes
}
