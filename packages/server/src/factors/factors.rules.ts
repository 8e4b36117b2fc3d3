import { attribute } from '../instances/settings/attributes.js'
import type { InstanceSettings } from '../instances/settings/settings.js'
import { errors } from '../kernel/errors/errors.js'
import type { EmailAddressRecord } from '../resources/email-addresses/email-addresses.table.js'
import { isSecondFactor } from '../resources/phone-numbers/phone-numbers.rules.js'
import type { PhoneNumberRecord } from '../resources/phone-numbers/phone-numbers.table.js'
import type { User } from '../resources/user-records/user-records.rules.js'
import { factorErrors } from './factors.errors.js'

/** Addresses that codes may be sent to, the primary one first. */
export function usableAddresses(user: User, { identifiers }: InstanceSettings): EmailAddressRecord[] {
  if (!identifiers.emailAddress.enabled) return []
  const claimed = user.emailAddresses.filter((address) => address.claimed)
  return inFront(claimed, ({ id }) => id === user.primaryEmailAddressId)
}

/** Numbers not reserved for the second factor, the primary one first. */
export function firstFactorNumbers(user: User, { identifiers }: InstanceSettings): PhoneNumberRecord[] {
  if (!identifiers.phoneNumber.enabled) return []
  const numbers = user.phoneNumbers.filter(
    ({ claimed, reservedForSecondFactor }) => claimed && !reservedForSecondFactor,
  )
  return inFront(numbers, ({ id }) => id === user.primaryPhoneNumberId)
}

/** The default one first. */
export function secondFactorNumbers(user: User, { identifiers }: InstanceSettings): PhoneNumberRecord[] {
  if (!identifiers.phoneNumber.enabled) return []
  return inFront(user.phoneNumbers.filter(isSecondFactor), ({ defaultSecondFactor }) => defaultSecondFactor)
}

export function hasUsableTotp({ totpSecret }: User, settings: InstanceSettings): boolean {
  return totpSecret !== null && attribute(settings, 'authenticator_app').enabled
}

/**
 * Whether the user also has to prove a second factor. Backup codes do not count: they only replace another second
 * factor.
 */
export function needsSecondFactor(user: User, settings: InstanceSettings): boolean {
  return hasUsableTotp(user, settings) || secondFactorNumbers(user, settings).length > 0
}

/**
 * The address or number that the caller named, or else the first.
 *
 * @throws {ApiError} 400 `strategy_for_user_invalid`, 422 `form_resource_not_found`
 */
export function choose<Row extends { id: string }>(
  rows: readonly Row[],
  { strategy, param, id }: { strategy: string; param: string; id: string | undefined },
): Row {
  const [first] = rows
  if (!first) throw factorErrors.strategyForUserInvalid(strategy)
  if (id === undefined) return first
  const chosen = rows.find((row) => row.id === id)
  if (!chosen) throw errors.formResourceNotFound(param, id)
  return chosen
}

/** Whether the strategy is a code after which the user sets a new password. Nobody without a password has one to set anew. */
export function resetsPassword(strategy: string): boolean {
  return strategy === 'reset_password_email_code' || strategy === 'reset_password_phone_code'
}

/** @throws {ApiError} 422 `form_param_missing` */
export function required(param: string, value: string | undefined): string {
  if (value === undefined) throw errors.paramMissing(param)
  return value
}

function inFront<Row>(rows: readonly Row[], isFirst: (row: Row) => boolean): Row[] {
  return [...rows.filter(isFirst), ...rows.filter((row) => !isFirst(row))]
}
