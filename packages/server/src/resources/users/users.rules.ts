import { errors } from '../../kernel/errors/errors.js'
import { apiError } from '../../kernel/errors/api-error.js'
import { username as readUsername } from '../../lib/identifiers/index.js'
import type { Instance } from '../../instances/instance.js'
import type { IdentifierKind, UsernameSettings } from '../../instances/settings/identifiers.js'

/** RFC 3339, section 5.6. */
const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt]([01]\d|2[0-3]):\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/

/**
 * @returns Unix milliseconds
 * @throws {ApiError} 422 `form_param_invalid_date`
 */
function parseTime(text: string, param: string): number {
  const [, year, month, day] = RFC_3339.exec(text)?.map(Number) ?? []
  const time = day === undefined ? Number.NaN : Date.parse(text)
  // JavaScript reads the 30th of February as the 1st of March.
  if (Number.isNaN(time) || day! > daysOf(year!, month!)) throw errors.dateInvalid(param)
  return time
}

function daysOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** @throws {ApiError} 422 `form_param_invalid_date` or `form_disallow_future_date` */
export function parsePastTime(text: string, param: string, now: number): number {
  const time = parseTime(text, param)
  if (time > now) throw errors.dateInFuture(param)
  return time
}

/**
 * A language tag (BCP 47), as it was written.
 *
 * @throws {ApiError} 422 `form_param_format_invalid`
 */
export function parseLocale(text: string, param = 'locale'): string {
  try {
    Intl.getCanonicalLocales(text)
    return text
  } catch {
    throw errors.paramFormatInvalid(param, 'must be a BCP 47 language tag, such as en-US')
  }
}

const usernameProblems = {
  invalid_length: ({ minLength, maxLength }: UsernameSettings) => `must have ${minLength} to ${maxLength} characters`,
  invalid_character: ({ allowExtendedCharacters }: UsernameSettings) =>
    allowExtendedCharacters
      ? "can only have letters, digits and _ - ! # $ ' + . ^ ` ~"
      : 'can only have letters, digits, "_" and "-"',
  needs_non_number_char: () => 'must have at least one character that is not a digit',
  cannot_be_phone_number: () => 'cannot be a phone number',
}

/** @throws {ApiError} 422 `form_username_…`, named after the broken rule */
export function parseUsername(text: string, { settings }: Instance): { username: string; canonical: string } {
  const result = readUsername(text, settings.username)
  if (result.ok) return result
  const problem = usernameProblems[result.reason](settings.username)
  throw apiError(422, `form_username_${result.reason}`, `Username ${problem}`, `username ${problem}`, {
    param_name: 'username',
  })
}

const identifierParams: Record<IdentifierKind, string> = {
  emailAddress: 'email_address',
  phoneNumber: 'phone_number',
  username: 'username',
  web3Wallet: 'web3_wallet',
}

/**
 * A user needs one identifier at least, and those that the instance requires.
 *
 * @param given the identifiers the new user comes with
 * @throws {ApiError} 422 `form_data_missing` naming what is missing
 */
export function requireIdentifiers(
  given: ReadonlySet<IdentifierKind>,
  { settings }: Instance,
  skipRequirements: boolean,
): void {
  const kinds = Object.keys(identifierParams) as IdentifierKind[]
  const required = skipRequirements
    ? []
    : kinds.filter((kind) => settings.identifiers[kind].enabled && settings.identifiers[kind].required)
  const missing = required.filter((kind) => !given.has(kind))
  if (missing.length === 0 && given.size > 0) return
  throw dataMissing(
    (missing.length > 0 ? missing : kinds.filter((kind) => settings.identifiers[kind].enabled)).map(
      (kind) => identifierParams[kind],
    ),
  )
}

export function dataMissing(params: string[]) {
  return apiError(
    422,
    'form_data_missing',
    'Missing data',
    `${params.join(', ')}: the data does not meet the requirements of this instance; at least one of these is missing`,
    {
      param_names: params,
    },
  )
}

/** @throws {ApiError} 422 `form_param_unknown` for an identifier that is switched off in the instance */
export function refuseDisabled(kind: IdentifierKind, { settings }: Instance): void {
  if (!settings.identifiers[kind].enabled) throw errors.paramUnknown(identifierParams[kind])
}
