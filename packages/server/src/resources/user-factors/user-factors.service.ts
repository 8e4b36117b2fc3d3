import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { apiError } from '../../kernel/errors/api-error.js'
import { findBackupCode } from '../../lib/backup-codes/backup-codes.js'
import { TOTP_CODE_LENGTH, totpStep } from '../../lib/totp/totp.js'
import type { Tx } from '../../storage/tx.js'
import type { LockoutService } from '../lockout/lockout.service.js'
import type { PhoneNumberService } from '../phone-numbers/phone-numbers.service.js'
import { hasSecondFactor, isLocked, type User } from '../user-records/user-records.rules.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import type { UserChanges } from '../user-records/user-records.table.js'
import { UserFactorStore } from './user-factors.store.js'

interface UserFactorOptions {
  context: InstanceContext
  userRecords: UserRecords
  phoneNumbers: PhoneNumberService
  lockout: LockoutService
}

/** Checks the second factors of users, and removes them. */
export class UserFactorService {
  readonly #options: UserFactorOptions
  readonly #store: UserFactorStore

  constructor(options: UserFactorOptions) {
    this.#options = options
    this.#store = new UserFactorStore(options.context)
  }

  /**
   * Spends a code of the user's authenticator app or a backup code; each works once. A wrong code counts towards the
   * lockout. While the user is locked every code is answered as a wrong one, and none is spent or hashed.
   *
   * @returns which of the two it was
   * @throws {ApiError} 400 `totp_disabled` if the user has neither, 422 `totp_invalid_length` if only six digits
   *   can be right, 422 `totp_incorrect_code`
   */
  async verifyCode(userId: string, code: string, caller: Caller): Promise<'totp' | 'backup_code'> {
    const { context, userRecords, lockout } = this.#options
    const user = await userRecords.get(userId)
    const hasBackupCodes = user.backupCodes !== null && user.backupCodes.length > 0
    if (user.totpSecret === null && !hasBackupCodes) {
      throw apiError(400, 'totp_disabled', 'TOTP disabled', 'This user has no authenticator app')
    }
    if (!hasBackupCodes && [...code.replace(/\s/g, '')].length !== TOTP_CODE_LENGTH) {
      const message = `The code must have ${TOTP_CODE_LENGTH} digits`
      throw apiError(422, 'totp_invalid_length', 'Invalid length', message, { param_name: 'code' })
    }
    if (isLocked(user, context.clock.now())) throw incorrectCode()
    const step = this.findTotpStep(user, code)
    if (step !== undefined && (await this.#acceptTotp(user, step, caller))) return 'totp'
    const digest = await this.findBackupCode(user, code, caller.signal?.())
    if (digest !== undefined && (await context.transaction(caller, (tx) => this.spendBackupCode(userId, digest, tx)))) {
      return 'backup_code'
    }
    await context.transaction(caller, (tx) => lockout.recordFailure(userId, tx))
    throw incorrectCode()
  }

  /** Removes the authenticator app. Does nothing if the user has none. */
  deleteTotp(userId: string, caller: Caller): Promise<User> {
    return this.#options.context.transaction(caller, (tx) => this.removeTotp(userId, tx))
  }

  /** As `deleteTotp`, in the caller's transaction. @param also what else changes with it */
  removeTotp(userId: string, tx: Tx, also: { backupCodes?: null } = {}): Promise<User> {
    return this.#removeIn(tx, userId, (user) =>
      user.totpSecret === null ? undefined : { totpSecret: null, totpUsedStep: null, ...also },
    )
  }

  /** Removes the backup codes. Does nothing if the user has none. */
  deleteBackupCodes(userId: string, caller: Caller): Promise<User> {
    return this.#remove(userId, caller, (user) => (user.backupCodes === null ? undefined : { backupCodes: null }))
  }

  /**
   * Removes the authenticator app, the backup codes and the phone numbers as second factors. Does nothing if there are
   * none.
   */
  disable(userId: string, caller: Caller): Promise<User> {
    return this.#remove(userId, caller, async (user, tx) => {
      const hasPhone = user.phoneNumbers.some((phone) => phone.reservedForSecondFactor || phone.defaultSecondFactor)
      if (user.totpSecret === null && user.backupCodes === null && !hasPhone) return undefined
      if (hasPhone) await this.#options.phoneNumbers.releaseSecondFactors(userId, tx)
      return { totpSecret: null, totpUsedStep: null, backupCodes: null }
    })
  }

  /** The time step that the code of the user's authenticator app belongs to. @returns undefined if the code is wrong */
  findTotpStep({ totpSecret }: User, code: string): number | undefined {
    const { vault, clock } = this.#options.context
    return totpSecret === null ? undefined : totpStep(vault.open(totpSecret), code, clock.now())
  }

  /** @returns false if the code of this step, or of a later one, was spent before */
  async spendTotp({ id, totpSecret }: User, step: number, tx: Tx): Promise<boolean> {
    return totpSecret !== null && this.#store.spendTotpStep(id, totpSecret, step, tx)
  }

  /** The digest of a backup code. It takes time: call it before the transaction opens. @returns undefined if the code is wrong */
  async findBackupCode(
    { backupCodes }: User,
    code: string,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    if (backupCodes === null || backupCodes.length === 0) return undefined
    return backupCodes[await findBackupCode(backupCodes, code, this.#options.context.passwords, signal)]
  }

  /** Also resets the lockout's count, so that the event shows it. @returns false if the code was spent before */
  async spendBackupCode(userId: string, digest: string, tx: Tx): Promise<boolean> {
    const { context, userRecords, lockout } = this.#options
    const user = await userRecords.locked(userId, tx)
    const left = user.backupCodes ?? []
    const index = left.indexOf(digest)
    // Guesses at the same time may have locked the user meanwhile.
    if (index < 0 || isLocked(user, context.clock.now())) return false
    await lockout.reset(user, tx)
    await userRecords.change(userId, { backupCodes: left.toSpliced(index, 1) }, tx)
    return true
  }

  #acceptTotp(user: User, step: number, caller: Caller): Promise<boolean> {
    const { context, userRecords, lockout } = this.#options
    return context.transaction(caller, async (tx) => {
      const current = await userRecords.locked(user.id, tx)
      if (isLocked(current, context.clock.now())) return false
      if (!(await this.spendTotp(user, step, tx))) return false
      await lockout.reset(current, tx)
      return true
    })
  }

  /** @param changesOf what to change in the user's row, or undefined if there is nothing to remove */
  #remove(
    userId: string,
    caller: Caller,
    changesOf: (user: User, tx: Tx) => UserChanges | undefined | Promise<UserChanges | undefined>,
  ): Promise<User> {
    return this.#options.context.transaction(caller, (tx) => this.#removeIn(tx, userId, changesOf))
  }

  async #removeIn(
    tx: Tx,
    userId: string,
    changesOf: (user: User, tx: Tx) => UserChanges | undefined | Promise<UserChanges | undefined>,
  ): Promise<User> {
    const { context, userRecords } = this.#options
    const before = await userRecords.locked(userId, tx)
    const changes = await changesOf(before, tx)
    if (changes === undefined) return before
    // Read again: the phone numbers may have changed too.
    const after = { ...(await userRecords.get(userId, tx)), ...changes }
    const disabled = hasSecondFactor(before) && !hasSecondFactor(after)
    return userRecords.change(userId, { ...changes, ...(disabled ? { mfaDisabledAt: context.clock.now() } : {}) }, tx)
  }
}

function incorrectCode() {
  const message = 'The code is wrong, has expired or was used before'
  return apiError(422, 'totp_incorrect_code', 'Incorrect code', message, { param_name: 'code' })
}
