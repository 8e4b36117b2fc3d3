import { foldText } from '../identifiers/text.js'

export interface PasswordSettings {
  /** In characters. Default 8. */
  minLength?: number
  /** In characters. Default 72. */
  maxLength?: number
  /** In UTF-8. Default 72, or `maxLength` where that is more: bcrypt, which accounts may move to, reads no further. */
  maxBytes?: number
  /** Each asks for at least one character of its kind. Default false. */
  requireLowercase?: boolean
  requireUppercase?: boolean
  requireNumbers?: boolean
  requireSpecialCharacter?: boolean
  /** What counts as special. Default {@link SPECIAL_CHARACTERS}. */
  specialCharacters?: string
}

/** ASCII's punctuation. */
export const SPECIAL_CHARACTERS = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'

/** Each has an error code of its own, `form_password_<reason>`. */
export type PasswordProblem =
  | { reason: 'length_too_short'; minLength: number }
  | { reason: 'length_too_long'; maxLength: number }
  | { reason: 'size_in_bytes_exceeded'; maxBytes: number }
  | { reason: 'no_lowercase' | 'no_uppercase' | 'no_number' | 'no_special_char' | 'matches_identifier' }

/**
 * All problems of a new password; empty if it has none. `createBreachChecker` finds breached passwords.
 *
 * @param options.identifiers The user's addresses, numbers and name: the password must differ from all of them.
 */
export function checkPassword(
  password: string,
  options: { settings?: PasswordSettings; identifiers?: readonly string[] } = {},
): PasswordProblem[] {
  const { minLength = 8, maxLength = 72, specialCharacters = SPECIAL_CHARACTERS, ...settings } = options.settings ?? {}
  const maxBytes = settings.maxBytes ?? Math.max(72, maxLength)
  const length = [...password].length
  const folded = foldText(password)

  const problems: (PasswordProblem | false | undefined)[] = [
    length < minLength && { reason: 'length_too_short', minLength },
    length > maxLength && { reason: 'length_too_long', maxLength },
    length <= maxLength && Buffer.byteLength(password) > maxBytes && { reason: 'size_in_bytes_exceeded', maxBytes },
    settings.requireLowercase && !/\p{Ll}/u.test(password) && { reason: 'no_lowercase' },
    settings.requireUppercase && !/\p{Lu}/u.test(password) && { reason: 'no_uppercase' },
    settings.requireNumbers && !/\p{Nd}/u.test(password) && { reason: 'no_number' },
    settings.requireSpecialCharacter &&
      ![...password].some((character) => specialCharacters.includes(character)) && { reason: 'no_special_char' },
    options.identifiers?.some((identifier) => foldText(identifier) === folded) && { reason: 'matches_identifier' },
  ]
  return problems.filter((problem) => problem !== false && problem !== undefined)
}
