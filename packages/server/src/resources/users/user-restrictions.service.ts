import { errors } from '../../http/errors.js'
import type { Queries } from '../../storage/database.js'
import type { InstanceContext } from '../instances/instance-context.js'
import type { SessionService } from '../sessions/sessions.service.js'
import type { User } from './user.js'
import type { UserChanges } from './user-changes.js'

/** Banning and locking users. */
export class UserRestrictionService {
  constructor(private readonly options: { context: InstanceContext; users: UserChanges; sessions: SessionService }) {}

  /** Revokes the user's sessions and lets them sign in no more. */
  ban(id: string): Promise<User> {
    return this.options.context.database.transaction((tx) => this.#ban(id, tx))
  }

  unban(id: string): Promise<User> {
    return this.options.context.database.transaction((tx) => this.options.users.change(id, { banned: false }, tx))
  }

  /** All of them or, when one is unknown, none. */
  banAll(ids: readonly string[]): Promise<User[]> {
    return this.#each(ids, (id, tx) => this.#ban(id, tx))
  }

  /** All of them or, when one is unknown, none. */
  unbanAll(ids: readonly string[]): Promise<User[]> {
    return this.#each(ids, (id, tx) => this.options.users.change(id, { banned: false }, tx))
  }

  /** For as long as the instance's lockout lasts. Sessions go on. */
  lock(id: string): Promise<User> {
    const { context, users } = this.options
    const { lockout } = context.instance.settings
    if (!lockout.enabled) throw errors.featureNotEnabled('Account lockout')
    const lockoutExpiresAt =
      lockout.durationSeconds === null ? null : context.clock.now() + lockout.durationSeconds * 1000
    return context.database.transaction((tx) => users.change(id, { locked: true, lockoutExpiresAt }, tx))
  }

  /** Also forgets the failed attempts. */
  unlock(id: string): Promise<User> {
    const { context, users } = this.options
    if (!context.instance.settings.lockout.enabled) throw errors.featureNotEnabled('Account lockout')
    return context.database.transaction((tx) =>
      users.change(id, { locked: false, lockoutExpiresAt: null, failedAttempts: 0 }, tx),
    )
  }

  async #ban(id: string, tx: Queries): Promise<User> {
    const user = await this.options.users.change(id, { banned: true }, tx)
    await this.options.sessions.endAllOf(id, 'revoked', tx)
    return user
  }

  /** In the order of their ids, so that two calls at once never wait for each other; answers in the order asked for. */
  #each(ids: readonly string[], change: (id: string, tx: Queries) => Promise<User>): Promise<User[]> {
    return this.options.context.database.transaction(async (tx) => {
      const changed = new Map<string, User>()
      for (const id of [...new Set(ids)].sort()) changed.set(id, await change(id, tx))
      return [...new Set(ids)].map((id) => changed.get(id)!)
    })
  }
}
