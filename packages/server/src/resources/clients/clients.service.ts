import type { Page, PageRequest } from '../../kernel/page.js'
import type { ClientRecords } from '../client-records/client-records.service.js'
import type { ClientRecord } from '../client-records/client-records.table.js'
import type { SessionService } from '../sessions/sessions.service.js'
import type { SessionRecord } from '../sessions/sessions.table.js'
import type { TokenVerificationService } from '../sessions/token-verification.service.js'
import type { Client } from './clients.wire.js'

interface ClientServiceOptions {
  clientRecords: ClientRecords
  sessions: SessionService
  tokenVerification: TokenVerificationService
}

/** Browsers and apps as they are shown: with the sessions they hold, read in one query. */
export class ClientService {
  constructor(private readonly options: ClientServiceOptions) {}

  /** @throws {ApiError} 404 `resource_not_found` */
  async get(id: string): Promise<Client> {
    return this.#withSessions(await this.options.clientRecords.get(id))
  }

  /** Newest first. */
  async list(page: PageRequest & { paginated: boolean }): Promise<Page<Client>> {
    const { data, totalCount } = await this.options.clientRecords.list(page)
    return { data: await this.#withAllSessions(data), totalCount }
  }

  /** @throws {ApiError} what `TokenVerificationService.verifyClient` throws */
  async verify(token: string): Promise<Client> {
    return this.#withSessions(await this.options.tokenVerification.verifyClient(token))
  }

  async #withSessions(client: ClientRecord): Promise<Client> {
    return (await this.#withAllSessions([client]))[0]!
  }

  async #withAllSessions(list: readonly ClientRecord[]): Promise<Client[]> {
    const held = new Map<string, SessionRecord[]>(list.map(({ id }) => [id, []]))
    for (const session of await this.options.sessions.listOfClients([...held.keys()])) {
      held.get(session.clientId)!.push(session)
    }
    return list.map((client) => ({ ...client, sessions: held.get(client.id)! }))
  }
}
