import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { apiError } from '../../kernel/errors/api-error.js'
import { errors } from '../../kernel/errors/errors.js'
import { backupCodeProblem, costTooMuch, hashBackupCodes } from '../../lib/backup-codes/backup-codes.js'
import { checkPassword, isImportableDigest, isPasswordHasherName, needsRehash } from '../../lib/passwords/index.js'
import { readTotpSecret } from '../../lib/totp/totp.js'
import type { Tx } from '../../storage/tx.js'
import type { LockoutService } from '../lockout/lockout.service.js'
import type { SessionService } from '../sessions/sessions.service.js'
import { isLocked, type User } from '../user-records/user-records.rules.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import type { UserChanges, UserRecord } from '../user-records/user-records.table.js'
import { NO_PASSWORD, refusePassword, unusable, type PasswordOwner } from './passwords.rules.js'
import { UserCredentialStore } from './user-credentials.store.js'

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

/** A password that was right when it was checked. */
export interface CheckedPassword {
  digest: string
  /** A better digest of the same password, if the stored one is weak. */
  replacement: { digest: string; hasher: string } | undefined
  /** When the password was set; null where that is not known. */
  updatedAt: number | null
}

interface UserCredentialOptions {
  context: InstanceContext
  userRecords: UserRecords
  sessions: SessionService
  lockout: LockoutService
}

/** The passwords and other credentials of users, as an application's server sets and checks them. */
export class UserCredentialService {
  readonly #options: UserCredentialOptions
  readonly #store: UserCredentialStore

  constructor(options: UserCredentialOptions) {
    this.#options = options
    this.#store = new UserCredentialStore(options.context)
  }

  /**
   * The changes to the user's row that the parameters ask for. Hashing takes time: call it before the transaction
   * opens.
   *
   * @param signal aborts when nobody waits for the answer any longer
   * @throws {ApiError} 422 `form_password_…` and `form_new_password_matches_current` with everything that is wrong with a
   *   password, `form_password_digest_invalid_code`, `invalid_totp_secret_code`
   */
  async changesOf(
    input: CredentialsInput,
    owner: PasswordOwner,
    signal: AbortSignal | undefined,
  ): Promise<UserChanges> {
    const { context } = this.#options
    const now = context.clock.now()
    const changes: UserChanges = {}
    const digest = await this.#digestOf(input, owner, signal)
    if (digest) {
      changes.passwordDigest = digest.digest
      changes.passwordHasher = digest.hasher
      changes.passwordUpdatedAt = now
      changes.passwordCompromised = false
    }
    if (input.totpSecret) {
      changes.totpSecret = context.vault.seal(parseTotpSecret(input.totpSecret))
      changes.totpUsedStep = null
      changes.mfaEnabledAt = now
    }
    if (input.backupCodes) {
      requireBackupCodes(input.backupCodes)
      const { passwords: hasher, random } = context
      changes.backupCodes = await hashBackupCodes(input.backupCodes, { hasher, random, signal })
    }
    return changes
  }

  /**
   * Resolves if the password is correct. A wrong one counts towards the lockout; the first correct one replaces a weak
   * digest. Also works for banned users. While a user is locked every password is answered as a wrong one, and none is
   * hashed: whoever guesses learns nothing and costs nothing.
   *
   * @throws {ApiError} 400 `no_password_set`, 422 `incorrect_password`
   */
  async verifyPassword(userId: string, password: string, caller: Caller): Promise<void> {
    const { context, userRecords, lockout } = this.#options
    const user = await userRecords.get(userId)
    passwordOf(user)
    if (isLocked(user, context.clock.now())) throw incorrectPassword()
    const checked = await this.checkPassword(user, password, caller.signal?.())
    if (!checked) {
      await context.transaction(caller, (tx) => lockout.recordFailure(userId, tx))
      throw incorrectPassword()
    }
    // Guesses at the same time may have locked the user meanwhile.
    if (isLocked(await userRecords.get(userId), context.clock.now())) throw incorrectPassword()
    if (!checked.replacement && user.failedAttempts === 0) return
    await context.transaction(caller, async (tx) => {
      await this.acceptPassword(user, checked, tx)
      await lockout.reset(user, tx)
    })
  }

  /**
   * Hashing takes time: call it before the transaction opens.
   *
   * @returns undefined if the password is wrong
   * @throws {ApiError} 400 `no_password_set`
   */
  async checkPassword(
    user: User,
    password: string,
    signal: AbortSignal | undefined,
  ): Promise<CheckedPassword | undefined> {
    const { passwords } = this.#options.context
    const { digest, hasher } = passwordOf(user)
    if (!(await passwords.verify({ digest, hasher }, password, signal))) return undefined
    const replacement = needsRehash(hasher) ? await passwords.hash(password, signal) : undefined
    return { digest, replacement, updatedAt: user.passwordUpdatedAt }
  }

  /**
   * Replaces a weak digest.
   *
   * @param user as of now
   * @returns false if the password was changed or removed since it was checked
   */
  async acceptPassword(user: User, { digest, replacement, updatedAt }: CheckedPassword, tx: Tx): Promise<boolean> {
    if (user.passwordDigest === null) return false
    // Of two simultaneous checks, the first may have replaced a weak digest of the same password, which leaves the time.
    // The time alone decides nothing: passwords can be changed twice within a millisecond.
    const isSame = user.passwordDigest === digest || (replacement !== undefined && user.passwordUpdatedAt === updatedAt)
    if (!isSame) return false
    if (replacement) await this.#store.replaceDigest(user.id, digest, replacement, tx)
    return true
  }

  /** Removes the password, even if it is the only way to sign in. Does nothing if the user has no password. */
  removePassword(
    userId: string,
    { signOutOfOtherSessions }: { signOutOfOtherSessions?: boolean | undefined },
    caller: Caller,
  ): Promise<User> {
    const { context, userRecords, sessions } = this.#options
    return context.transaction(caller, async (tx) => {
      const user = await userRecords.locked(userId, tx)
      if (user.passwordDigest === null) return user
      if (signOutOfOtherSessions) await sessions.endAllOf(userId, 'revoked', tx)
      return userRecords.change(userId, NO_PASSWORD, tx)
    })
  }

  /**
   * The user has to choose another password at the next sign-in.
   *
   * @throws {ApiError} 400 `no_password_set`
   */
  setCompromised(
    userId: string,
    { revokeAllSessions }: { revokeAllSessions?: boolean | null | undefined },
    caller: Caller,
  ): Promise<User> {
    const { context, userRecords, sessions } = this.#options
    return context.transaction(caller, async (tx) => {
      passwordOf(await userRecords.locked(userId, tx))
      if (revokeAllSessions) await sessions.endAllOf(userId, 'revoked', tx)
      return userRecords.change(userId, { passwordCompromised: true }, tx)
    })
  }

  /** @throws {ApiError} 400 `no_password_set` */
  unsetCompromised(userId: string, caller: Caller): Promise<User> {
    const { context, userRecords } = this.#options
    return context.transaction(caller, async (tx) => {
      passwordOf(await userRecords.locked(userId, tx))
      return userRecords.change(userId, { passwordCompromised: false }, tx)
    })
  }

  async #digestOf(
    input: CredentialsInput,
    owner: PasswordOwner,
    signal: AbortSignal | undefined,
  ): Promise<{ hasher: string; digest: string } | undefined> {
    const { context } = this.#options
    const { password, passwordDigest: digest, passwordHasher: hasher } = input
    if (digest && password)
      throw errors.conditionalParamDisallowed('password_digest', 'cannot be given together with password')
    if (digest && !hasher) throw errors.conditionalParamMissing('password_hasher', 'password_digest')
    if (hasher && !digest) throw errors.conditionalParamMissing('password_digest', 'password_hasher')
    if (digest && hasher) return importedDigest(hasher, digest)
    if (password === undefined || password === null) return undefined
    if (!context.instance.settings.password.enabled) throw errors.paramUnknown('password')
    if (input.skipPasswordChecks) refusePassword(unusable(password))
    else await this.#requireGoodPassword(password, owner, signal)
    return context.passwords.hash(password, signal)
  }

  async #requireGoodPassword(
    password: string,
    { names: identifiers, current }: PasswordOwner,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { instance, breaches, passwords } = this.#options.context
    const { requireNumber, ...settings } = instance.settings.password
    const { passwordDigest: digest = null, passwordHasher: hasher = null } = current ?? {}
    const isBreached = instance.settings.hibp && (await breaches.isBreached(password))
    const isCurrent =
      digest !== null && hasher !== null && (await passwords.verify({ digest, hasher }, password, signal))
    refusePassword([
      ...checkPassword(password, { settings: { ...settings, requireNumbers: requireNumber }, identifiers }),
      ...(isBreached ? [{ reason: 'pwned' as const }] : []),
      ...(isCurrent ? [{ reason: 'matches_current' as const }] : []),
    ])
  }
}

function importedDigest(hasher: string, digest: string): { hasher: string; digest: string } {
  if (!isPasswordHasherName(hasher)) throw errors.paramValueInvalid('password_hasher', 'is not a known hasher')
  if (isImportableDigest(hasher, digest)) return { hasher, digest }
  throw apiError(
    422,
    'form_password_digest_invalid_code',
    'Invalid password digest',
    `password_digest is not a digest of the ${hasher} hasher, or it would take too long to check`,
    { param_name: 'password_digest' },
  )
}

function parseTotpSecret(text: string): string {
  const secret = readTotpSecret(text)
  if (secret !== undefined) return secret
  const message = 'totp_secret must be base32 text of 80 bits or more'
  throw apiError(422, 'invalid_totp_secret_code', 'The TOTP secret is invalid', message, { param_name: 'totp_secret' })
}

function requireBackupCodes(codes: readonly string[]): void {
  if (codes.length > MAX_BACKUP_CODES) throw errors.paramArrayTooLarge('backup_codes', MAX_BACKUP_CODES)
  if (codes.some((code) => backupCodeProblem(code) !== undefined)) {
    throw errors.paramValueInvalid('backup_codes', 'must be plain codes or bcrypt digests')
  }
  if (costTooMuch(codes)) {
    throw errors.paramValueInvalid('backup_codes', 'must cost no more together than ten bcrypt digests of cost 12')
  }
}

/** @throws {ApiError} 400 `no_password_set` */
function passwordOf({ passwordDigest: digest, passwordHasher: hasher }: UserRecord): {
  digest: string
  hasher: string
} {
  if (digest === null || hasher === null) {
    throw apiError(400, 'no_password_set', 'No password set', 'This user has no password')
  }
  return { digest, hasher }
}

function incorrectPassword() {
  return apiError(422, 'incorrect_password', 'Incorrect password', 'The password is not the one of this user')
}
