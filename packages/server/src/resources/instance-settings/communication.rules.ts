import type { CommunicationSettings } from '../../instances/settings/communication.js'
import { apiError } from '../../kernel/errors/api-error.js'
import { errors } from '../../kernel/errors/errors.js'
import { isCountryCode, phoneNumber } from '../../lib/identifiers/index.js'

/**
 * Codes of countries, without those that no number can be of.
 *
 * @throws {ApiError} 422 `form_param_duplicate`
 */
export function parseCountryCodes(codes: readonly string[]): string[] {
  if (new Set(codes).size < codes.length) throw errors.paramDuplicate('blocked_country_codes')
  return codes.filter(isCountryCode)
}

/**
 * Test numbers are of no country.
 *
 * @param number in E.164 form
 * @throws {ApiError} 403 `unsupported_country_code` if no text message may go to the number's country
 */
export function checkNumber(number: string, { blockedCountryCodes }: CommunicationSettings): void {
  if (blockedCountryCodes.length === 0) return
  const parsed = phoneNumber(number)
  if (!parsed.ok || parsed.country === null || !blockedCountryCodes.includes(parsed.country)) return
  throw apiError(
    403,
    'unsupported_country_code',
    'Country not supported',
    `This instance sends no text messages to numbers of the country ${parsed.country}`,
    { country_code: parsed.country },
  )
}
