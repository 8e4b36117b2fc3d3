import type { ClientJSON, HandshakePayloadJSON } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { Session } from './sessions.js'
import type { Resource, Translated } from './resource.js'

/** Browsers and devices. Each has the sessions that were opened on it. */
export class ClientsApi extends Api {
  /**
   * Lists all clients.
   *
   * @deprecated List the sessions of a user instead.
   * @throws {ClerkAPIResponseError} With status 400, 401, 410 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/clients/GET/clients
   */
  async getClientList(params: PageParams = {}): Promise<Page<Client>> {
    return this.readPage(path`/clients`, { ...params, paginated: true })
  }

  /**
   * Gets a client by its id.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/clients/GET/clients/%7Bclient_id%7D
   */
  async getClient(clientId: string): Promise<Client> {
    return this.read(path`/clients/${clientId}`)
  }

  /**
   * Gets the client that a token belongs to.
   *
   * @param token The token of the `__client` cookie, or a session token.
   * @throws {ClerkAPIResponseError} With status 400, 401 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/clients/POST/clients/verify
   */
  async verifyClient(token: string): Promise<Client> {
    return this.post(path`/clients/verify`, { token })
  }

  /**
   * Exchanges the nonce of a handshake for the cookies to set; it can be used once.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/clients/GET/clients/%7Bclient_id%7D
   */
  async getHandshakePayload(params: GetHandshakePayloadParams): Promise<HandshakePayload> {
    return this.read(path`/clients/handshake_payload`, params)
  }
}

/** A browser or an app, with the sessions it holds. */
export interface Client extends Resource<ClientJSON> {
  sessions: Session[]
}

export interface GetHandshakePayloadParams {
  nonce: string
}

export type HandshakePayload = Translated<HandshakePayloadJSON>
