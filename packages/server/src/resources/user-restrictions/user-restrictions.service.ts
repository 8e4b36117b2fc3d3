import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Tx } from '../../storage/tx.js'
import type { SessionService } from '../sessions/sessions.service.js'
import type { User } from '../user-records/user-records.rules.js'
import type { UserRecords } from '../user-records/user-records.service.js'

interface UserRestrictionOptions {
  context: InstanceContext
  userRecords: UserRecords
  sessions: SessionService
}

/** Banning and locking users. */
export class UserRestrictionService {
  constructor(private readonly options: UserRestrictionOptions) {}

  /** Revokes the user's sessions; a banned user cannot sign in. */
  ban(id: string, caller: Caller): Promise<User> {
    return this.options.context.transaction(caller, (tx) => this.#ban(id, tx))
  }

  unban(id: string, caller: Caller): Promise<User> {
    return this.options.context.transaction(caller, (tx) => this.#unban(id, tx))
  }

  /** Changes all of the users, or none if one is unknown. */
  banAll(ids: readonly string[], caller: Caller): Promise<User[]> {
    return this.#each(ids, caller, (id, tx) => this.#ban(id, tx))
  }

  /** Changes all of the users, or none if one is unknown. */
  unbanAll(ids: readonly string[], caller: Caller): Promise<User[]> {
    return this.#each(ids, caller, (id, tx) => this.#unban(id, tx))
  }

  /** For as long as the instance's lockout lasts. Sessions go on. @throws {ApiError} 403 `feature_not_enabled` */
  lock(id: string, caller: Caller): Promise<User> {
    const { context, userRecords } = this.options
    const { lockout } = context.instance.settings
    if (!lockout.enabled) throw errors.featureNotEnabled('Account lockout')
    const lockoutExpiresAt =
      lockout.durationSeconds === null ? null : context.clock.now() + lockout.durationSeconds * 1000
    return context.transaction(caller, (tx) => userRecords.change(id, { locked: true, lockoutExpiresAt }, tx))
  }

  /** Also forgets the failed attempts. A lock outlasts the setting, so it can be ended where the lockout is off. */
  unlock(id: string, caller: Caller): Promise<User> {
    const { context, userRecords } = this.options
    const unlocked = { locked: false, lockoutExpiresAt: null, failedAttempts: 0 }
    return context.transaction(caller, (tx) => userRecords.change(id, unlocked, tx))
  }

  async #ban(id: string, tx: Tx): Promise<User> {
    const user = await this.options.userRecords.change(id, { banned: true }, tx)
    await this.options.sessions.endAllOf(id, 'revoked', tx)
    return user
  }

  #unban(id: string, tx: Tx): Promise<User> {
    return this.options.userRecords.change(id, { banned: false }, tx)
  }

  /** In the order of their ids, so that two calls at once never deadlock; answers in the order asked for. */
  #each(ids: readonly string[], caller: Caller, change: (id: string, tx: Tx) => Promise<User>): Promise<User[]> {
    return this.options.context.transaction(caller, async (tx) => {
      const changed = new Map<string, User>()
      for (const id of [...new Set(ids)].sort()) changed.set(id, await change(id, tx))
      return [...new Set(ids)].map((id) => changed.get(id)!)
    })
  }
}
