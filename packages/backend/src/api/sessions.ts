import type { CookiesJSON, SessionActivityJSON, SessionJSON, SessionStatus, TokenJSON } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import type { ApiClient } from '../core/request.js'

export class SessionsApi {
  private readonly client: ApiClient

  constructor(client: ApiClient) {
    this.client = client
  }

  /** Sessions of one user or one client: one of the two filters is needed. */
  async getSessionList(params: SessionListParams = {}): Promise<Page<Session>> {
    return this.client.list(path`/sessions`, toSession, { ...params, paginated: true })
  }

  async getSession(sessionId: string): Promise<Session> {
    return toSession(await this.client.request('GET', path`/sessions/${sessionId}`))
  }

  /** Opens a session without a sign-in, for tests: production instances refuse it. */
  async createSession(params: CreateSessionParams): Promise<Session> {
    return toSession(await this.client.request('POST', path`/sessions`, { body: params }))
  }

  async revokeSession(sessionId: string): Promise<Session> {
    return toSession(await this.client.request('POST', path`/sessions/${sessionId}/revoke`))
  }

  /** @deprecated Verify the token itself with `verifyToken`. */
  async verifySession(sessionId: string, token: string): Promise<Session> {
    return toSession(await this.client.request('POST', path`/sessions/${sessionId}/verify`, { body: { token } }))
  }

  /**
   * Mints a token for the session.
   *
   * @param template Name of a JWT template. Default: a session token.
   * @param expiresInSeconds 30 to 315360000. Default is what the instance or the template says.
   */
  async getToken(sessionId: string, template?: string, expiresInSeconds?: number): Promise<Token> {
    const target = template ? path`/sessions/${sessionId}/tokens/${template}` : path`/sessions/${sessionId}/tokens`
    return toToken(await this.client.request('POST', target, expiresInSeconds === undefined ? {} : { body: { expiresInSeconds } }))
  }

  /** Exchanges an expired token and a refresh token for a new token, or for the cookies that carry it. */
  refreshSession(sessionId: string, params: RefreshTokenParams & { format: 'token' }): Promise<Token>
  refreshSession(sessionId: string, params: RefreshTokenParams & { format: 'cookie' }): Promise<Cookies>
  refreshSession(sessionId: string, params: RefreshTokenParams): Promise<Token>
  async refreshSession(sessionId: string, params: RefreshTokenParams): Promise<Token | Cookies> {
    const { suffixed_cookies, ...body } = params
    const parts = { query: { suffixed_cookies }, body }
    return toTokenOrCookies(await this.client.request('POST', path`/sessions/${sessionId}/refresh`, parts))
  }
}

export interface Session {
  id: string
  clientId: string
  userId: string
  status: SessionStatus
  /** Unix milliseconds. */
  lastActiveAt: number
  /** Unix milliseconds. */
  expireAt: number
  /** Unix milliseconds. */
  abandonAt: number
  /** Unix milliseconds. */
  createdAt: number
  /** Unix milliseconds. */
  updatedAt: number
  lastActiveOrganizationId?: string
  latestActivity?: SessionActivity
  /** Who acts as the user; null when the user does. */
  actor: Record<string, unknown> | null
}

/** Where a session was last used. */
export interface SessionActivity {
  id: string
  isMobile: boolean
  ipAddress?: string
  city?: string
  country?: string
  browserVersion?: string
  browserName?: string
  deviceType?: string
}

export interface Token {
  jwt: string
}

export interface Cookies {
  /** Values for `Set-Cookie` headers. */
  cookies: string[]
}

export interface SessionListParams extends PageParams {
  clientId?: string
  userId?: string
  status?: SessionStatus
}

export interface CreateSessionParams {
  userId: string
  activeOrganizationId?: string
}

/** Named as on the wire: that is how `@clerk/backend` takes them. */
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

export function toSession(json: SessionJSON): Session {
  return {
    id: json.id,
    clientId: json.client_id,
    userId: json.user_id,
    status: json.status,
    lastActiveAt: json.last_active_at,
    expireAt: json.expire_at,
    abandonAt: json.abandon_at,
    createdAt: json.created_at,
    updatedAt: json.updated_at,
    // The API answers null where the SDK's type has nothing.
    lastActiveOrganizationId: json.last_active_organization_id as string | undefined,
    latestActivity: (json.latest_activity && toSessionActivity(json.latest_activity)) as SessionActivity | undefined,
    actor: json.actor ?? null,
  }
}

function toSessionActivity(json: SessionActivityJSON): SessionActivity {
  return {
    id: json.id,
    isMobile: json.is_mobile,
    ipAddress: json.ip_address,
    city: json.city,
    country: json.country,
    browserVersion: json.browser_version,
    browserName: json.browser_name,
    deviceType: json.device_type,
  }
}

export function toToken({ jwt }: TokenJSON): Token {
  return { jwt }
}

function toTokenOrCookies(json: TokenJSON | CookiesJSON): Token | Cookies {
  return json.object === 'cookies' ? { cookies: json.cookies } : toToken(json)
}
