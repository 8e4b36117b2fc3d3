import { ApiError } from '../../kernel/errors/api-error.js'
import { MAX_PASSWORD_BYTES, type PasswordProblem } from '../../lib/passwords/index.js'

/** The columns of a user without a password. */
export const NO_PASSWORD = {
  passwordDigest: null,
  passwordHasher: null,
  passwordUpdatedAt: null,
  passwordCompromised: false,
}

/** Texts that cannot be a password under any rules: an empty one, and one that is too long to check at sign-in. */
export function unusable(password: string): PasswordProblem[] {
  if (password === '') return [{ reason: 'length_too_short', minLength: 1 }]
  return Buffer.byteLength(password) > MAX_PASSWORD_BYTES
    ? [{ reason: 'size_in_bytes_exceeded', maxBytes: MAX_PASSWORD_BYTES }]
    : []
}

/** @throws {ApiError} 422 `form_password_…`, with all problems */
export function refusePassword(problems: readonly PasswordProblem[]): void {
  if (problems.length === 0) return
  throw new ApiError(
    422,
    problems.map((problem) => ({
      code: `form_password_${problem.reason}`,
      message: sentence(problem),
      long_message: sentence(problem),
      meta: { param_name: 'password' },
    })),
  )
}

function sentence(problem: PasswordProblem): string {
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
    case 'matches_identifier':
      return 'Passwords must differ from the email address, phone number and username'
  }
}
