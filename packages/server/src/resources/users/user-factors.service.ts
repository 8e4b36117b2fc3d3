import { findBackupCode, TOTP_CODE_LENGTH, totpStep } from '../../factors/index.js'
import { apiError } from '../../http/api-error.js'
import type { Queries } from '../../storage/database.js'
import type { UserRecord } from '../../storage/tables.js'
import type { InstanceContext } from '../instances/instance-context.js'
import { UserCredentialStore } from './user-credentials.store.js'
import type { UserLockout } from './user-lockout.js'
import { hasSecondFactor, type User } from './user.js'
import type { UserChanges } from './user-changes.js'
import type { UserStore } from './users.store.js'

interface UserFactorServiceOptions {
  context: InstanceContext
  users: UserChanges & { store: UserStore }
  lockout: UserLockout
}

/** Checks the second factors of users and takes them away. */
export class UserFactorService {
  readonly #options: UserFactorServiceOptions
  readonly #store: UserCredentialStore

  constructor(options: UserFactorServiceOptions) {
    this.#options = options
    this.#store = new UserCredentialStore(options.context.instanceId)
  }

  /**
   * Spends a code of the user's authenticator app or a backup code; each works once. A wrong code counts towards the lockout.
   *
   * @returns which of the two it was
   * @throws {ApiError} 400 `totp_disabled` when the user has neither, 422 `totp_invalid_length` when only six digits
   *   can be right, 422 `totp_incorrect_code`
   */
  async verifyCode(userId: string, code: string): Promise<'totp' | 'backup_code'> {
    const { context, users, lockout } = this.#options
    const user = await users.get(userId)
    const hasBackupCodes = user.backupCodes !== null && user.backupCodes.length > 0
    if (user.totpSecret === null && !hasBackupCodes)
      throw apiError(400, 'totp_disabled', 'TOTP disabled', 'This user has no authenticator app')
    if (!hasBackupCodes && [...code.replace(/\s/g, '')].length !== TOTP_CODE_LENGTH) {
      throw apiError(422, 'totp_invalid_length', 'Invalid length', `The code must have ${TOTP_CODE_LENGTH} digits`, {
        param_name: 'code',
      })
    }
    if (await this.#spendTotp(user, code)) return 'totp'
    if (hasBackupCodes && (await this.#spendBackupCode(user, code))) return 'backup_code'
    await context.database.transaction((tx) => lockout.recordFailure(userId, tx))
    throw apiError(422, 'totp_incorrect_code', 'Incorrect code', 'The code is wrong, has run out or was used before', {
      param_name: 'code',
    })
  }

  /** Without an authenticator app nothing happens. */
  async deleteTotp(userId: string): Promise<void> {
    await this.#takeAway(userId, async (user) =>
      user.totpSecret === null ? undefined : { totpSecret: null, totpUsedStep: null },
    )
  }

  /** Without backup codes nothing happens. */
  async deleteBackupCodes(userId: string): Promise<void> {
    await this.#takeAway(userId, async (user) => (user.backupCodes === null ? undefined : { backupCodes: null }))
  }

  /** The authenticator app, the backup codes and the phone numbers that are second factors. Without any of them nothing happens. */
  async disable(userId: string): Promise<void> {
    const { clock } = this.#options.context
    await this.#takeAway(userId, async (user, tx) => {
      const hasPhone = user.phoneNumbers.some((phone) => phone.reservedForSecondFactor || phone.defaultSecondFactor)
      if (user.totpSecret === null && user.backupCodes === null && !hasPhone) return undefined
      if (hasPhone) await this.#store.releasePhoneNumbers(userId, clock.now(), tx)
      return { totpSecret: null, totpUsedStep: null, backupCodes: null }
    })
  }

  async #spendTotp({ id, totpSecret }: User, code: string): Promise<boolean> {
    const { context, lockout } = this.#options
    if (totpSecret === null) return false
    const step = totpStep(context.vault.open(totpSecret), code, context.clock.now())
    if (step === undefined) return false
    return context.database.transaction(async (tx) => {
      if (!(await this.#store.spendTotpStep(id, totpSecret, step, tx))) return false
      await lockout.reset(id, tx)
      return true
    })
  }

  async #spendBackupCode({ id, backupCodes }: User, code: string): Promise<boolean> {
    const { context, users, lockout } = this.#options
    const digest = backupCodes![await findBackupCode(backupCodes!, code, context.passwords)]
    if (digest === undefined) return false
    return context.database.transaction(async (tx) => {
      const left = (await users.locked(id, tx)).backupCodes ?? []
      const index = left.indexOf(digest)
      if (index < 0) return false
      await lockout.reset(id, tx)
      await users.change(id, { backupCodes: left.toSpliced(index, 1) }, tx)
      return true
    })
  }

  /** @param changes what to change in the user's row, or undefined when there is nothing to take away */
  #takeAway(
    userId: string,
    changes: (user: User, tx: Queries) => Promise<Partial<UserRecord> | undefined>,
  ): Promise<User> {
    const { context, users } = this.#options
    return context.database.transaction(async (tx) => {
      const before = await users.locked(userId, tx)
      const changed = await changes(before, tx)
      if (changed === undefined) return before
      await users.store.update(userId, changed, tx)
      const disabled = hasSecondFactor(before) && !hasSecondFactor(await users.get(userId, tx))
      return users.change(userId, disabled ? { mfaDisabledAt: context.clock.now() } : {}, tx)
    })
  }
}
