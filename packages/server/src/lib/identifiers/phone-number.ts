import { createRequire } from 'node:module'
import type * as PhoneNumbers from 'libphonenumber-js/max'
import { isTestPhoneNumber } from './test-identities.js'
import { foldText, hasIllegalText } from './text.js'

export type PhoneNumberResult =
  | {
      ok: true
      /** E.164, for example `+14155552671`: what is stored, shown, compared and dialled. */
      number: string
      /** ISO 3166-1 alpha-2; null for test numbers and for codes that no single country has. */
      country: string | null
    }
  | { ok: false; reason: 'invalid' }

const MAX_INPUT_LENGTH = 40

/**
 * Reads a phone number in international form (`+` first; spaces, dots, dashes and brackets are ignored). A number
 * without `+` is refused: no country is assumed.
 */
export function phoneNumber(input: string): PhoneNumberResult {
  // Longer than any number with its separators; neither folding nor the library is made for hostile lengths.
  if (input.trim().length > MAX_INPUT_LENGTH || hasIllegalText(input)) return { ok: false, reason: 'invalid' }
  const text = foldText(input).trim()
  if (text.length > MAX_INPUT_LENGTH || !text.startsWith('+')) return { ok: false, reason: 'invalid' }

  // Test numbers first: the library calls most of them invalid.
  const bare = text.replace(/[\s().-]/g, '')
  if (isTestPhoneNumber(bare)) return { ok: true, number: bare, country: null }

  const parsed = phoneNumbers().parsePhoneNumberFromString(text, { extract: false })
  if (!parsed?.isValid() || parsed.ext) return { ok: false, reason: 'invalid' }
  return { ok: true, number: parsed.number, country: parsed.country ?? null }
}

/** Whether the library knows numbers of the country. @param code ISO 3166-1 alpha-2, upper case */
export function isCountryCode(code: string): boolean {
  return phoneNumbers().isSupportedCountry(code)
}

let library: typeof PhoneNumbers | undefined

/** Loaded with the first number: its tables take a tenth of the time that a server needs to start. */
function phoneNumbers(): typeof PhoneNumbers {
  library ??= createRequire(import.meta.url)('libphonenumber-js/max') as typeof PhoneNumbers
  return library
}
