import type { InstanceContext } from '../../instances/instance-context.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import type { Tx } from '../../storage/tx.js'
import { contactOf } from '../user-records/contact.rules.js'
import { isLocked, type User } from '../user-records/user-records.rules.js'
import type { UserRecords } from '../user-records/user-records.service.js'

interface LockoutOptions {
  context: InstanceContext
  userRecords: UserRecords
  messages: MessageOutbox
}

/** Counts wrong passwords and codes, and locks a user with too many of them. */
export class LockoutService {
  constructor(private readonly options: LockoutOptions) {}

  /**
   * Counts one failure. The one that reaches `lockout.maxAttempts` locks the user, emits `user.updated` and tells the
   * user. While the lock lasts nothing is counted, and after it has expired counting starts again.
   *
   * @throws {ApiError} 404 `resource_not_found`
   */
  async recordFailure(userId: string, tx: Tx): Promise<void> {
    const { context, userRecords, messages } = this.options
    const { lockout } = context.instance.settings
    if (!lockout.enabled) return
    const now = context.clock.now()
    const user = await userRecords.locked(userId, tx)
    if (isLocked(user, now)) return
    const failedAttempts = (user.locked ? 0 : user.failedAttempts) + 1
    if (failedAttempts < lockout.maxAttempts) {
      await userRecords.changeQuietly(userId, { failedAttempts, locked: false, lockoutExpiresAt: null }, tx)
      return
    }
    const lockoutExpiresAt = lockout.durationSeconds === null ? null : now + lockout.durationSeconds * 1000
    await userRecords.change(userId, { failedAttempts, locked: true, lockoutExpiresAt }, tx)
    const to = contactOf(user)
    const duration = lockoutExpiresAt === null ? null : lockoutExpiresAt - now
    if (to) await messages.accountLocked(to, { failedAttempts, duration }, tx)
  }

  /** Resets the count after a success, if there is one. An existing lock stays. @param user as last read */
  async reset({ id, failedAttempts }: Pick<User, 'id' | 'failedAttempts'>, tx: Tx): Promise<void> {
    if (failedAttempts > 0) await this.options.userRecords.changeQuietly(id, { failedAttempts: 0 }, tx)
  }
}
