import type { CookiesJSON, SessionActivityJSON, SessionJSON, SessionStatus, TokenJSON } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { Resource } from './resource.js'

/** Sessions of users, and the tokens that prove them. */
export class SessionsApi extends Api {
  /**
   * Lists sessions of one user or one client. One of the two filters is required.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/sessions/GET/sessions
   */
  async getSessionList(params: SessionListParams = {}): Promise<Page<Session>> {
    return this.readPage(path`/sessions`, { ...params, paginated: true })
  }

  /**
   * Gets a session by its id.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/sessions/GET/sessions/%7Bsession_id%7D
   */
  async getSession(sessionId: string): Promise<Session> {
    return this.read(path`/sessions/${sessionId}`)
  }

  /**
   * Opens a session without a sign-in, for tests: production instances refuse it.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/sessions/POST/sessions
   */
  async createSession(params: CreateSessionParams): Promise<Session> {
    return this.post(path`/sessions`, params)
  }

  /**
   * Ends a session; its tokens stay valid until they expire.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/sessions/POST/sessions/%7Bsession_id%7D/revoke
   */
  async revokeSession(sessionId: string): Promise<Session> {
    return this.post(path`/sessions/${sessionId}/revoke`)
  }

  /**
   * Gets a session if a token belongs to it.
   *
   * @deprecated Verify the token itself with `verifyToken`.
   * @throws {ClerkAPIResponseError} With status 400, 401, 404 or 410.
   * @see https://clerk.com/docs/reference/backend-api/tag/sessions/POST/sessions/%7Bsession_id%7D/verify
   */
  async verifySession(sessionId: string, token: string): Promise<Session> {
    return this.post(path`/sessions/${sessionId}/verify`, { token })
  }

  /**
   * Mints a token for the session.
   *
   * @param template Name of a JWT template. Default: a session token.
   * @param expiresInSeconds 30 to 315360000. Default is the lifetime set for the instance or the template.
   * @throws {ClerkAPIResponseError} With status 401 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/sessions/POST/sessions/%7Bsession_id%7D/tokens/%7Btemplate_name%7D
   */
  async getToken(sessionId: string, template?: string, expiresInSeconds?: number): Promise<Token> {
    const target = template ? path`/sessions/${sessionId}/tokens/${template}` : path`/sessions/${sessionId}/tokens`
    return this.post(target, expiresInSeconds === undefined ? undefined : { expiresInSeconds })
  }

  /**
   * Exchanges an expired token and a refresh token for a new token, or for the cookies that carry it.
   *
   * @throws {ClerkAPIResponseError} With status 400 or 401.
   * @see https://clerk.com/docs/reference/backend-api/tag/sessions/POST/sessions/%7Bsession_id%7D/refresh
   */
  refreshSession(sessionId: string, params: RefreshTokenParams & { format: 'token' }): Promise<Token>
  refreshSession(sessionId: string, params: RefreshTokenParams & { format: 'cookie' }): Promise<Cookies>
  refreshSession(sessionId: string, params: RefreshTokenParams): Promise<Token>
  async refreshSession(sessionId: string, params: RefreshTokenParams): Promise<Token | Cookies> {
    const { suffixed_cookies, ...body } = params
    return this.send('POST', path`/sessions/${sessionId}/refresh`, { query: { suffixed_cookies }, body })
  }
}

export interface Session extends Resource<SessionJSON> {
  /** Can also be null, although the type of `@clerk/backend` does not allow it. */
  lastActiveOrganizationId?: string
  latestActivity?: SessionActivity
  /** Unix milliseconds. */
  lastActiveAt: number
  /** Unix milliseconds. */
  expireAt: number
  /** Unix milliseconds. */
  abandonAt: number
}

/** Where a session was last used. */
export type SessionActivity = Resource<SessionActivityJSON>

export type Token = Resource<TokenJSON>

export type Cookies = Resource<CookiesJSON>

export interface SessionListParams extends PageParams {
  clientId?: string
  userId?: string
  status?: SessionStatus
}

export interface CreateSessionParams {
  userId: string
  activeOrganizationId?: string
}

/** Named as on the wire, because `@clerk/backend` takes them that way. */
export interface RefreshTokenParams {
  /** The session token of the `__session` cookie; it must belong to the session. */
  expired_token: string
  /** The value of the `__refresh` cookie. */
  refresh_token: string
  request_origin: string
  request_originating_ip?: string
  request_headers?: Record<string, string[]>
  suffixed_cookies?: boolean
  /** Default is `token`. */
  format?: 'token' | 'cookie'
}
