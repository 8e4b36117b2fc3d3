import { ApiError } from '../../kernel/errors/api-error.js'
import { MAX_PASSWORD_BYTES, type PasswordProblem } from '../../lib/passwords/index.js'
import type { User } from '../user-records/user-records.rules.js'

/** The columns of a user without a password. */
export const NO_PASSWORD = {
  passwordDigest: null,
  passwordHasher: null,
  passwordUpdatedAt: null,
  passwordCompromised: false,
}

/** What a new password must not be, beside the rules for its text. */
type OtherProblem = { reason: 'pwned' | 'matches_current' }

/** Whose a new password is going to be. */
export interface PasswordOwner {
  /** Addresses, numbers and name: the password must differ from all of them. */
  names: readonly string[]
  /** The password that it must differ from. */
  current?: Pick<User, 'passwordDigest' | 'passwordHasher'>
}

/** The texts that the user's password must differ from. */
export function namesOf({ username, emailAddresses, phoneNumbers }: User): string[] {
  return [
    ...emailAddresses.map(({ emailAddress }) => emailAddress),
    ...phoneNumbers.map(({ phoneNumber }) => phoneNumber),
    ...(username === null ? [] : [username]),
  ]
}

/** Texts that cannot be a password under any rules: an empty one, and one that is too long to check at sign-in. */
export function unusable(password: string): PasswordProblem[] {
  if (password === '') return [{ reason: 'length_too_short', minLength: 1 }]
  return Buffer.byteLength(password) > MAX_PASSWORD_BYTES
    ? [{ reason: 'size_in_bytes_exceeded', maxBytes: MAX_PASSWORD_BYTES }]
    : []
}

/** @throws {ApiError} 422 `form_password_…`, with all problems */
export function refusePassword(problems: readonly (PasswordProblem | OtherProblem)[]): void {
  if (problems.length === 0) return
  throw new ApiError(
    422,
    problems.map((problem) => ({
      code: problem.reason === 'matches_current' ? MATCHES_CURRENT : `form_password_${problem.reason}`,
      message: sentence(problem),
      long_message: problem.reason === 'pwned' ? `${sentence(problem)}. ${PWNED_ADVICE}` : sentence(problem),
      meta: { param_name: 'password' },
    })),
  )
}

/** The code of a new password that is the one from before. */
export const MATCHES_CURRENT = 'form_new_password_matches_current'

const PWNED_ADVICE = 'For account safety, please use a different password'

function sentence(problem: PasswordProblem | OtherProblem): string {
  switch (problem.reason) {
    case 'length_too_short':
      return problem.minLength === 1
        ? 'A password must not be empty'
        : `Passwords must be ${problem.minLength} characters or more`
    case 'length_too_long':
      return `Passwords must be at most ${problem.maxLength} characters`
    case 'size_in_bytes_exceeded':
      return `Passwords must be at most ${problem.maxBytes} bytes in UTF-8`
    case 'no_lowercase':
      return 'Passwords must contain at least one lowercase letter'
    case 'no_uppercase':
      return 'Passwords must contain at least one uppercase letter'
    case 'no_number':
      return 'Passwords must contain at least one number'
    case 'no_special_char':
      return 'Passwords must contain at least one special character'
    case 'pwned':
      return 'Password has been found in an online data breach'
    case 'matches_current':
      return 'The new password must differ from the current one'
    case 'matches_identifier':
      return 'Passwords must differ from the email address, phone number and username'
  }
}
