import type { InstanceContext } from '../../instances/instance-context.js'
import { errors } from '../../kernel/errors/errors.js'
import type { New } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import type { SessionRecord } from '../sessions/sessions.table.js'
import { ClientRecordStore } from './client-records.store.js'
import type { ClientRecord, clients } from './client-records.table.js'

/** The rows of browsers and apps. Sessions build on this service. */
export class ClientRecords {
  readonly #store: ClientRecordStore
  readonly get: ClientRecordStore['get']
  /** Newest first. */
  readonly list: ClientRecordStore['page']

  constructor(private readonly context: InstanceContext) {
    this.#store = new ClientRecordStore(context)
    this.get = (id, tx) => this.#store.get(id, tx)
    this.list = (page) => this.#store.page(page)
  }

  /** @throws {ApiError} 422 `form_identifier_exists` if a given id is taken, in this instance or another */
  async create(fields: New<typeof clients>, tx: Tx): Promise<ClientRecord> {
    const client = await this.#store.create(fields, tx)
    if (!client) throw errors.identifierExists('client_id')
    return client
  }

  /** The client with the id, created if it does not exist; an active session becomes its active one. @returns its id */
  async ensure(id: string | undefined, lastActiveSessionId: string | null, tx: Tx): Promise<string> {
    if (id === undefined || !(await this.#store.find(id, tx))) {
      const client = await this.create({ ...(id === undefined ? {} : { id }), lastActiveSessionId }, tx)
      return client.id
    }
    if (lastActiveSessionId !== null) await this.#store.update(id, { lastActiveSessionId }, tx)
    return id
  }

  /** Call it in the transaction that ends a session, so that it is no longer the client's active one. */
  sessionEnded(session: SessionRecord, tx: Tx): Promise<void> {
    return this.#store.forgetActiveSession(session.clientId, session.id, this.context.clock.now(), tx)
  }
}
