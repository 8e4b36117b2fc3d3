import { attribute, type AttributeName } from '../../instances/settings/attributes.js'
import type { InstanceSettings } from '../../instances/settings/settings.js'
import type { CallerOf } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import type { User } from '../../resources/user-records/user-records.rules.js'
import { accountErrors } from './account.errors.js'

/**
 * What an account could be taken over with is not for somebody who acts for its user.
 *
 * @throws {ApiError} 403 `resource_forbidden`
 */
export function refuseImpersonated({ actorId }: Pick<CallerOf<'session'>, 'actorId'>): void {
  if (actorId !== null) throw accountErrors.impersonated()
}

/** Whether the user can prove who they are to begin a sign-in, with what the instance has switched on. */
export function hasFirstFactor(user: User, settings: InstanceSettings): boolean {
  const offers = (name: AttributeName) => attribute(settings, name).firstFactors.length > 0
  return (
    (user.passwordDigest !== null && attribute(settings, 'password').enabled) ||
    (offers('email_address') && user.emailAddresses.some(({ claimed }) => claimed)) ||
    (offers('phone_number') &&
      user.phoneNumbers.some(({ claimed, reservedForSecondFactor }) => claimed && !reservedForSecondFactor)) ||
    user.externalAccounts.length > 0 ||
    (attribute(settings, 'web3_wallet').enabled && user.web3Wallets.length > 0) ||
    (attribute(settings, 'passkey').enabled && user.passkeys.length > 0)
  )
}

/** The user once an address or number is removed, or serves as second factor only. */
export function withoutIdentification(user: User, removed: string): User {
  return {
    ...user,
    emailAddresses: user.emailAddresses.filter(({ id }) => id !== removed),
    phoneNumbers: user.phoneNumbers.filter(({ id }) => id !== removed),
  }
}

/** What people can say of themselves. An empty text, or null, clears a field. */
export interface ProfileInput {
  username?: string | null | undefined
  firstName?: string | null | undefined
  lastName?: string | null | undefined
  primaryEmailAddressId?: string | null | undefined
  primaryPhoneNumberId?: string | null | undefined
  primaryWeb3WalletId?: string | null | undefined
}

const TEXTS = { username: 'username', firstName: 'first_name', lastName: 'last_name' } as const
const PRIMARIES = {
  primaryEmailAddressId: 'email_address',
  primaryPhoneNumberId: 'phone_number',
  primaryWeb3WalletId: 'web3_wallet',
} as const

/** Whether the change touches what people sign in with. */
export function isSensitive(input: ProfileInput): boolean {
  return input.username !== undefined || Object.keys(PRIMARIES).some((name) => input[name as keyof typeof PRIMARIES])
}

/**
 * The changes that are asked for, as far as the instance has these attributes.
 *
 * @throws {ApiError} 422 `form_param_unknown` for an attribute that is switched off, `form_param_missing` for one that
 *   users must have
 */
export function readProfile(input: ProfileInput, settings: InstanceSettings): ProfileInput {
  const read: ProfileInput = {}
  for (const [name, wire] of Object.entries(TEXTS) as [keyof typeof TEXTS, (typeof TEXTS)[keyof typeof TEXTS]][]) {
    const value = input[name]
    if (value === undefined) continue
    const { enabled, required } = attribute(settings, wire)
    const isBlank = value === null || value.trim() === ''
    if (!enabled && !isBlank) throw errors.paramUnknown(wire)
    if (required && isBlank) throw errors.paramMissing(wire)
    if (enabled) read[name] = isBlank ? null : value
  }
  for (const name of Object.keys(PRIMARIES) as (keyof typeof PRIMARIES)[]) if (input[name]) read[name] = input[name]
  return read
}

/** @throws {ApiError} 403 `immutable_attribute_modification_not_allowed` for an attribute that the user has already */
export function requireMutable(user: User, input: ProfileInput, settings: InstanceSettings): void {
  for (const [name, wire] of Object.entries(TEXTS) as [keyof typeof TEXTS, AttributeName][]) {
    const changes = input[name] !== undefined && user[name] !== null && input[name] !== user[name]
    if (changes && attribute(settings, wire).immutable) throw accountErrors.immutable(wire)
  }
  for (const [name, wire] of Object.entries(PRIMARIES) as [keyof typeof PRIMARIES, AttributeName][]) {
    const changes = input[name] && user[name] !== null && input[name] !== user[name]
    if (changes && attribute(settings, wire).immutable) throw accountErrors.immutable(wire)
  }
}
