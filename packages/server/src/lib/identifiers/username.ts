export interface UsernameSettings {
  /** In characters. Default 4. */
  minLength?: number
  /** In characters. Default 64. */
  maxLength?: number
  /** Whether a username may do without any letter. Default false. */
  allowNumeric?: boolean
  /** Whether ``! # $ ' + . ^ ` ~`` are allowed beside letters, digits, `_` and `-`. Default false. */
  allowExtendedCharacters?: boolean
}

export type UsernameResult =
  | {
      ok: true
      /** As entered. */
      username: string
      /** What must be unique and what look-ups compare. */
      canonical: string
    }
  | { ok: false; reason: 'invalid_length'; minLength: number; maxLength: number }
  | { ok: false; reason: 'invalid_character' | 'needs_non_number_char' | 'cannot_be_phone_number' }

const PLAIN_CHARACTERS = /^[a-z0-9_-]+$/i
const EXTENDED_CHARACTERS = /^[a-z0-9!#$'+.^_`~-]+$/i

/**
 * Reads a username. The first rule that it breaks is the reason given; each has an error code of its own,
 * `form_username_<reason>`.
 */
export function username(input: string, settings: UsernameSettings = {}): UsernameResult {
  const { minLength = 4, maxLength = 64, allowNumeric = false, allowExtendedCharacters = false } = settings
  const length = [...input].length
  if (length < minLength || length > maxLength) return { ok: false, reason: 'invalid_length', minLength, maxLength }
  // Sign-in takes either in one field: a username in E.164 form would shadow somebody's phone number.
  if (/^\+[1-9]\d{1,14}$/.test(input)) return { ok: false, reason: 'cannot_be_phone_number' }
  if (!(allowExtendedCharacters ? EXTENDED_CHARACTERS : PLAIN_CHARACTERS).test(input)) {
    return { ok: false, reason: 'invalid_character' }
  }
  if (!allowNumeric && !/[a-z]/i.test(input)) return { ok: false, reason: 'needs_non_number_char' }
  return { ok: true, username: input, canonical: input.toLowerCase() }
}
