import type { ClientJSON, HandshakePayloadJSON } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import type { ApiClient } from '../core/request.js'
import { toSession, type Session } from './sessions.js'

export class ClientsApi {
  private readonly client: ApiClient

  constructor(client: ApiClient) {
    this.client = client
  }

  /** @deprecated Ask for the sessions of a user instead. */
  async getClientList(params: PageParams = {}): Promise<Page<Client>> {
    return this.client.list(path`/clients`, toClient, { ...params, paginated: true })
  }

  async getClient(clientId: string): Promise<Client> {
    return toClient(await this.client.request('GET', path`/clients/${clientId}`))
  }

  /** @param token The token of the `__client` cookie, or a session token. */
  async verifyClient(token: string): Promise<Client> {
    return toClient(await this.client.request('POST', path`/clients/verify`, { body: { token } }))
  }

  async getHandshakePayload(params: { nonce: string }): Promise<HandshakePayload> {
    return this.client.request<HandshakePayloadJSON>('GET', path`/clients/handshake_payload`, { query: params })
  }
}

/** A browser or an app, with the sessions it holds. */
export interface Client {
  id: string
  sessionIds: string[]
  sessions: Session[]
  signInId: string | null
  signUpId: string | null
  lastActiveSessionId: string | null
  lastAuthenticationStrategy: string | null
  /** Unix milliseconds. */
  createdAt: number
  /** Unix milliseconds. */
  updatedAt: number
}

export interface HandshakePayload {
  /** Values for `Set-Cookie` headers. */
  directives: string[]
}

export function toClient(json: ClientJSON): Client {
  return {
    id: json.id,
    sessionIds: json.session_ids,
    sessions: json.sessions.map(toSession),
    signInId: json.sign_in_id,
    signUpId: json.sign_up_id,
    lastActiveSessionId: json.last_active_session_id,
    lastAuthenticationStrategy: json.last_authentication_strategy,
    createdAt: json.created_at,
    updatedAt: json.updated_at,
  }
}
