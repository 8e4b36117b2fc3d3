import { errors } from '../../http/errors.js'
import type { PageRequest } from '../../http/pagination.js'
import type { Queries } from '../../storage/database.js'
import type { ClientRecord, SessionRecord } from '../../storage/tables.js'
import type { InstanceContext } from '../instances/instance-context.js'
import { ClientStore } from './clients.store.js'

/** Browsers and apps, each with the sessions it holds. */
export class ClientService {
  readonly #store: ClientStore

  constructor(private readonly context: InstanceContext) {
    this.#store = new ClientStore(context.database.read, context.instanceId)
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async get(id: string): Promise<ClientRecord> {
    const client = await this.#store.find(id)
    if (!client) throw errors.resourceNotFound('client', id)
    return client
  }

  /** Newest first. */
  list(page: PageRequest): Promise<ClientRecord[]> {
    return this.#store.newest(page)
  }

  count(): Promise<number> {
    return this.#store.countAll()
  }

  /** @throws {ApiError} 422 `form_identifier_exists` when a given id is taken, in this instance or another */
  async create(
    given: Partial<Pick<ClientRecord, 'id' | 'lastActiveSessionId' | 'lastAuthenticationStrategy'>>,
    tx: Queries,
  ): Promise<ClientRecord> {
    const { instanceId, clock, ids } = this.context
    const now = clock.now()
    const client: ClientRecord = {
      id: ids.next('client'),
      instanceId,
      lastActiveSessionId: null,
      signInId: null,
      signUpId: null,
      lastAuthenticationStrategy: null,
      ...given,
      createdAt: now,
      updatedAt: now,
    }
    if (!(await this.#store.insertUnlessTaken(client, tx))) throw errors.identifierExists('client_id')
    return client
  }

  /** The client with the id, made when there is none; a session that is active becomes its active one. */
  async ensure(id: string | undefined, lastActiveSessionId: string | null, tx: Queries): Promise<string> {
    if (id === undefined || !(await this.#store.find(id, tx)))
      return (await this.create({ ...(id === undefined ? {} : { id }), lastActiveSessionId }, tx)).id
    if (lastActiveSessionId !== null)
      await this.#store.update(id, { lastActiveSessionId, updatedAt: this.context.clock.now() }, tx)
    return id
  }

  /** To be called in the transaction that ends a session: the client has it as its active one no more. */
  sessionEnded(session: SessionRecord, tx: Queries): Promise<void> {
    return this.#store.forgetActiveSession(session.clientId, session.id, this.context.clock.now(), tx)
  }
}
