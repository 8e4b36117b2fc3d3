import { apiError } from '../../http/api-error.js'
import { needsRehash } from '../../passwords/index.js'
import type { UserRecord } from '../../storage/tables.js'
import type { InstanceContext } from '../instances/instance-context.js'
import type { SessionService } from '../sessions/sessions.service.js'
import { UserCredentialStore } from './user-credentials.store.js'
import type { UserLockout } from './user-lockout.js'
import type { User } from './user.js'
import type { UserChanges } from './user-changes.js'

interface UserCredentialServiceOptions {
  context: InstanceContext
  users: UserChanges
  sessions: SessionService
  lockout: UserLockout
}

/** What an application's server does with the passwords of its users. */
export class UserCredentialService {
  readonly #options: UserCredentialServiceOptions
  readonly #store: UserCredentialStore

  constructor(options: UserCredentialServiceOptions) {
    this.#options = options
    this.#store = new UserCredentialStore(options.context.instanceId)
  }

  /**
   * Resolves when the password is the user's. A wrong one counts towards the lockout; a weak digest is replaced at the
   * first right one. Being banned or locked does not matter: that says who may sign in, not whose password it is.
   *
   * @throws {ApiError} 400 `no_password_set`, 422 `incorrect_password`
   */
  async verifyPassword(userId: string, password: string): Promise<void> {
    const { context, users, lockout } = this.#options
    const user = await users.get(userId)
    const stored = passwordOf(user)
    const correct = await context.passwords.verify(stored, password)
    if (!correct) {
      await context.database.transaction((tx) => lockout.recordFailure(userId, tx))
      throw apiError(422, 'incorrect_password', 'Incorrect password', 'The password is not the one of this user')
    }
    const replacement = needsRehash(stored.hasher) ? await context.passwords.hash(password) : undefined
    if (!replacement && user.failedAttempts === 0) return
    await context.database.transaction(async (tx) => {
      if (replacement) await this.#store.replaceDigest(userId, stored.digest, replacement, tx)
      await lockout.reset(userId, tx)
    })
  }

  /** Takes the password away, also when it is the only way to sign in. Without a password nothing happens. */
  removePassword(userId: string, { signOutOfOtherSessions }: { signOutOfOtherSessions: boolean }): Promise<User> {
    const { context, users, sessions } = this.#options
    return context.database.transaction(async (tx) => {
      const user = await users.locked(userId, tx)
      if (user.passwordDigest === null) return user
      if (signOutOfOtherSessions) await sessions.endAllOf(userId, 'revoked', tx)
      return users.change(
        userId,
        { passwordDigest: null, passwordHasher: null, passwordUpdatedAt: null, passwordCompromised: false },
        tx,
      )
    })
  }

  /**
   * The user has to choose another password at the next sign-in.
   *
   * @throws {ApiError} 400 `no_password_set`
   */
  setCompromised(userId: string, { revokeAllSessions }: { revokeAllSessions: boolean }): Promise<User> {
    const { context, users, sessions } = this.#options
    return context.database.transaction(async (tx) => {
      passwordOf(await users.locked(userId, tx))
      if (revokeAllSessions) await sessions.endAllOf(userId, 'revoked', tx)
      return users.change(userId, { passwordCompromised: true }, tx)
    })
  }

  /** @throws {ApiError} 400 `no_password_set` */
  unsetCompromised(userId: string): Promise<User> {
    const { context, users } = this.#options
    return context.database.transaction(async (tx) => {
      passwordOf(await users.locked(userId, tx))
      return users.change(userId, { passwordCompromised: false }, tx)
    })
  }
}

/** @throws {ApiError} 400 `no_password_set` */
function passwordOf({ passwordDigest: digest, passwordHasher: hasher }: UserRecord): {
  digest: string
  hasher: string
} {
  if (digest === null || hasher === null)
    throw apiError(400, 'no_password_set', 'No password set', 'This user has no password')
  return { digest, hasher }
}
