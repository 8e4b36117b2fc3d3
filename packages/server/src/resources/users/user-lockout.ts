import type { Queries } from '../../storage/database.js'
import type { InstanceContext } from '../instances/instance-context.js'
import { isLocked } from './user.js'
import type { UserChanges } from './user-changes.js'
import type { UserStore } from './users.store.js'

/** Counts wrong passwords and codes, and locks the user who has too many of them. */
export class UserLockout {
  constructor(private readonly options: { context: InstanceContext; users: UserChanges & { store: UserStore } }) {}

  /**
   * Counts one failure. The one that reaches `lockout.maxAttempts` locks the user and emits `user.updated`; while the
   * lock lasts nothing is counted, and after it has run out counting starts again.
   *
   * @throws {ApiError} 404 `resource_not_found`
   */
  async recordFailure(userId: string, tx: Queries): Promise<void> {
    const { context, users } = this.options
    const { lockout } = context.instance.settings
    if (!lockout.enabled) return
    const now = context.clock.now()
    const user = await users.locked(userId, tx)
    if (isLocked(user, now)) return
    const failedAttempts = (user.locked ? 0 : user.failedAttempts) + 1
    if (failedAttempts < lockout.maxAttempts) {
      await users.store.update(userId, { failedAttempts, locked: false, lockoutExpiresAt: null }, tx)
      return
    }
    const lockoutExpiresAt = lockout.durationSeconds === null ? null : now + lockout.durationSeconds * 1000
    await users.change(userId, { failedAttempts, locked: true, lockoutExpiresAt }, tx)
  }

  /** Forgets the failures after a success. A lock that was set before stays. */
  async reset(userId: string, tx: Queries): Promise<void> {
    await this.options.users.store.update(userId, { failedAttempts: 0 }, tx)
  }
}
