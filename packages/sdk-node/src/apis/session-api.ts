import type { SessionJSON } from '@latchkey/backend/types'
import { Session } from '../resources.js'
import { Api, idInPath } from './api.js'

export interface SessionListParams {
  clientId?: string
  userId?: string
}

export class SessionApi extends Api {
  /** Lists the sessions of a client, of a user, or of both; without a filter, all sessions. */
  async getSessionList(params: SessionListParams = {}): Promise<Session[]> {
    const list = (await this.rest.request('GET', '/sessions', { query: params })) as SessionJSON[]
    return list.map((json) => new Session(json))
  }

  async getSession(sessionId: string): Promise<Session> {
    return new Session((await this.rest.request('GET', `/sessions/${idInPath(sessionId)}`)) as SessionJSON)
  }

  async revokeSession(sessionId: string): Promise<Session> {
    return new Session((await this.rest.request('POST', `/sessions/${idInPath(sessionId)}/revoke`)) as SessionJSON)
  }

  /** Calls the API, which also knows whether the session has just ended. */
  async verifySession(sessionId: string, sessionToken: string): Promise<Session> {
    const path = `/sessions/${idInPath(sessionId)}/verify`
    return new Session((await this.rest.request('POST', path, { form: { token: sessionToken } })) as SessionJSON)
  }
}
