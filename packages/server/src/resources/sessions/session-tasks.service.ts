import type { InstanceContext } from '../../instances/instance-context.js'
import type { Tx } from '../../storage/tx.js'
import type { User } from '../user-records/user-records.rules.js'
import { hasState, mayChangeState, stateOf, statusOf } from './session-tasks.rules.js'
import { SessionStore } from './sessions.store.js'
import type { SessionRecord } from './sessions.table.js'
import { toSessionEventJSON } from './sessions.wire.js'

/** A session begins for applications when it becomes active, be it at the sign-in or with the last task. */
const STATUS_EVENTS = { pending: 'session.pending', active: 'session.created' } as const

/** Writes what sessions owe; see `session-tasks.rules.ts`. */
export class SessionTasks {
  readonly #store: SessionStore

  constructor(private readonly context: InstanceContext) {
    this.#store = new SessionStore(context)
  }

  /**
   * Changes a session, and tells the application if it is active or pending from now on.
   *
   * @param session signed in, locked
   * @param user its user, read under the lock
   */
  async settle(session: SessionRecord, changes: Partial<SessionRecord>, user: User, tx: Tx): Promise<SessionRecord> {
    const { context } = this
    const after = { ...changes, ...stateOf(user) }
    const status = statusOf({ ...session, ...after }, context.instance.settings)
    const settled = (await this.#store.update(session.id, { ...after, status }, tx))!
    if (status !== session.status) {
      await tx.emit(STATUS_EVENTS[status], settled.id, toSessionEventJSON(settled, user, context), ['status'])
    }
    return settled
  }

  /**
   * Settles the sessions of a user who has changed. Lock the user first.
   *
   * @param changed names of the fields, as on the wire
   */
  async userChanged(user: User, changed: readonly string[], tx: Tx): Promise<void> {
    if (!mayChangeState(changed)) return
    const state = stateOf(user)
    for (const session of await this.#store.lockedOf(user.id, this.context.clock.now(), tx)) {
      if (!hasState(session, state)) await this.settle(session, {}, user, tx)
    }
  }
}
