import { apiError, ApiError } from '../../http/api-error.js'
import { errors } from '../../http/errors.js'
import { backupCodeProblem, hashBackupCodes, readTotpSecret } from '../../factors/index.js'
import {
  checkPassword,
  isImportableDigest,
  isPasswordHasherName,
  MAX_PASSWORD_BYTES,
  type PasswordProblem,
} from '../../passwords/index.js'
import type { UserRecord } from '../../storage/tables.js'
import type { InstanceContext } from '../instances/instance-context.js'

const MAX_BACKUP_CODES = 50

/** The parameters of creating and updating a user that say how the user signs in. */
export interface CredentialsInput {
  password?: string | null | undefined
  passwordDigest?: string | null | undefined
  passwordHasher?: string | undefined
  skipPasswordChecks?: boolean | null | undefined
  totpSecret?: string | null | undefined
  backupCodes?: string[] | undefined
}

/**
 * What the parameters change in the user's row. Hashing takes its time: to be called before the transaction opens.
 *
 * @param identifiers the user's addresses, numbers and name: none of them may be the password
 * @throws {ApiError} 422 `form_password_…` for a password against the rules, `form_password_digest_invalid_code`, `invalid_totp_secret_code`
 */
export async function credentialChanges(
  input: CredentialsInput,
  identifiers: readonly string[],
  context: InstanceContext,
): Promise<Partial<UserRecord>> {
  const now = context.clock.now()
  const changes: Partial<UserRecord> = {}
  const digest = await passwordDigest(input, identifiers, context)
  if (digest) {
    changes.passwordDigest = digest.digest
    changes.passwordHasher = digest.hasher
    changes.passwordUpdatedAt = now
    changes.passwordCompromised = false
  }
  if (input.totpSecret) {
    const secret = readTotpSecret(input.totpSecret)
    if (secret === undefined)
      throw apiError(
        422,
        'invalid_totp_secret_code',
        'The TOTP secret is invalid',
        'totp_secret must be base32 text of 80 bits or more',
        { param_name: 'totp_secret' },
      )
    changes.totpSecret = context.vault.seal(secret)
    changes.totpUsedStep = null
    changes.mfaEnabledAt = now
  }
  if (input.backupCodes) {
    if (input.backupCodes.length > MAX_BACKUP_CODES) throw errors.paramArrayTooLarge('backup_codes', MAX_BACKUP_CODES)
    if (input.backupCodes.some((code) => backupCodeProblem(code) !== undefined))
      throw errors.paramValueInvalid('backup_codes', 'must be plain codes or bcrypt digests')
    changes.backupCodes = await hashBackupCodes(input.backupCodes, {
      hasher: context.passwords,
      random: context.random,
    })
  }
  return changes
}

async function passwordDigest(
  input: CredentialsInput,
  identifiers: readonly string[],
  context: InstanceContext,
): Promise<{ hasher: string; digest: string } | undefined> {
  const { password, passwordDigest: digest, passwordHasher: hasher } = input
  if (digest && password)
    throw errors.conditionalParamDisallowed('password_digest', 'cannot be given together with password')
  if (digest && !hasher) throw errors.conditionalParamMissing('password_hasher', 'password_digest')
  if (hasher && !digest) throw errors.conditionalParamMissing('password_digest', 'password_hasher')
  if (digest && hasher) {
    if (!isPasswordHasherName(hasher))
      throw errors.paramValueInvalid('password_hasher', 'is not a hasher that is known here')
    if (!isImportableDigest(hasher, digest)) {
      throw apiError(
        422,
        'form_password_digest_invalid_code',
        'Invalid password digest',
        `password_digest is not a digest of the ${hasher} hasher, or it would take too long to check`,
        { param_name: 'password_digest' },
      )
    }
    return { hasher, digest }
  }
  if (password === undefined || password === null) return undefined
  if (!context.instance.settings.password.enabled) throw errors.paramUnknown('password')
  if (input.skipPasswordChecks) refuse(unusable(password))
  else await requireGoodPassword(password, identifiers, context)
  return context.passwords.hash(password)
}

async function requireGoodPassword(
  password: string,
  identifiers: readonly string[],
  { instance, breaches }: InstanceContext,
): Promise<void> {
  const { requireNumber, ...settings } = instance.settings.password
  const problems = checkPassword(password, { settings: { ...settings, requireNumbers: requireNumber }, identifiers })
  refuse(problems)
  if (instance.settings.hibp && (await breaches.isBreached(password))) {
    throw apiError(
      422,
      'form_password_pwned',
      'Password has been found in an online data breach',
      'Password has been found in an online data breach. For account safety, please use a different password',
      { param_name: 'password' },
    )
  }
}

/** What can be no password, whatever the rules of the instance: nothing, and what is too long to be checked at sign-in. */
function unusable(password: string): PasswordProblem[] {
  if (password === '') return [{ reason: 'length_too_short', minLength: 1 }]
  return Buffer.byteLength(password) > MAX_PASSWORD_BYTES
    ? [{ reason: 'size_in_bytes_exceeded', maxBytes: MAX_PASSWORD_BYTES }]
    : []
}

function refuse(problems: readonly PasswordProblem[]): void {
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
