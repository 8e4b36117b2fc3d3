import type { ResourceJSON } from './resource.js'

export type SessionStatus =
  | 'active'
  | 'pending'
  | 'revoked'
  | 'ended'
  | 'expired'
  | 'removed'
  | 'abandoned'
  | 'replaced'

export interface SessionJSON extends ResourceJSON<'session'> {
  user_id: string
  client_id: string
  status: SessionStatus
  /** Who acts as the user; null if it is the user. */
  actor: Record<string, unknown> | null
  last_active_organization_id?: string | null
  latest_activity?: SessionActivityJSON | null
  /** The tasks that a pending session still waits for. */
  tasks?: SessionTaskJSON[] | null
  /** Unix milliseconds. */
  last_active_at: number
  /** Unix milliseconds. */
  expire_at: number
  /** Unix milliseconds. */
  abandon_at: number
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface SessionActivityJSON extends ResourceJSON<'session_activity'> {
  device_type?: string
  is_mobile: boolean
  browser_name?: string
  browser_version?: string
  ip_address?: string
  city?: string
  country?: string
}

export interface SessionTaskJSON {
  /** Such as `choose-organization`, `reset-password`, `setup-mfa`. */
  key: string
}

/** Body of `POST /sessions`, which production instances refuse. */
export interface CreateSessionJSON {
  user_id: string
  active_organization_id?: string
}

export interface CreateSessionTokenJSON {
  /** Seconds, 30 to 315360000. Default is the lifetime of the session tokens or of the template. */
  expires_in_seconds?: number | null
}

export interface RefreshSessionJSON {
  /** The session token of the `__session` cookie; it must belong to the session. */
  expired_token: string
  /** The value of the `__refresh` cookie. */
  refresh_token: string
  request_origin: string
  request_headers?: Record<string, unknown> | null
  /** Default is `token`. */
  format?: 'token' | 'cookie' | null
  request_originating_ip?: string | null
}

/** Body of `POST /sessions/{session_id}/verify`, which only versions before 2025-04-10 describe. */
export interface VerifySessionJSON {
  /** A session token; it must belong to the session. */
  token?: string
}
