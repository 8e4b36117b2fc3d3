import type { InstanceContext } from '../../instances/instance-context.js'
import type { Changes } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { FRESH_FOR } from './step-up.rules.js'
import { SessionReverificationStore } from './session-reverifications.store.js'
import type { SessionReverificationRecord, sessionReverifications } from './session-reverifications.table.js'

/** The rows of reverifications: a session has one at most. Lock the session's user before a write. */
export class SessionReverificationRecords {
  readonly #store: SessionReverificationStore

  constructor(private readonly context: InstanceContext) {
    this.#store = new SessionReverificationStore(context)
  }

  find(sessionId: string, tx?: Tx): Promise<SessionReverificationRecord | undefined> {
    return this.#store.findBy({ sessionId }, tx)
  }

  /** Starts another one, in place of the one before. */
  async begin(
    fields: Pick<SessionReverificationRecord, 'sessionId' | 'level' | 'status'>,
    tx: Tx,
  ): Promise<SessionReverificationRecord> {
    await this.#store.deleteOf(fields.sessionId, tx)
    return (await this.#store.create({ ...fields, expireAt: this.context.clock.now() + FRESH_FOR }, tx))!
  }

  async step(
    id: string,
    changes: Changes<typeof sessionReverifications>,
    tx: Tx,
  ): Promise<SessionReverificationRecord> {
    return (await this.#store.update(id, changes, tx))!
  }
}
