import type { ResourceJSON } from './resource.js'
import type { SessionJSON } from './sessions.js'

/** A browser or an app, with the sessions it holds. */
export interface ClientJSON extends ResourceJSON<'client'> {
  session_ids: string[]
  sessions: SessionJSON[]
  sign_in_id: string | null
  sign_up_id: string | null
  last_active_session_id: string | null
  last_authentication_strategy: string | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface VerifyClientJSON {
  /** A client token or a session token. */
  token: string
}

/** Answer of `GET /clients/handshake_payload`. */
export interface HandshakePayloadJSON {
  /** Values for `Set-Cookie` headers. */
  directives: string[]
}
