import type { ResourceJSON } from './resource.js'

export interface MachineJSON extends ResourceJSON<'machine'> {
  name: string
  instance_id: string
  /** Seconds. */
  default_token_ttl: number
  /** The machines it may call. */
  scoped_machines: Omit<MachineJSON, 'scoped_machines' | 'secret_key'>[]
  /** Only in the answer to its creation. */
  secret_key?: string
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface MachineScopeJSON {
  object: 'machine_scope'
  from_machine_id: string
  to_machine_id: string
  /** Unix milliseconds. */
  created_at?: number
  /** True in the answer to its deletion. */
  deleted?: boolean
}

export interface MachineSecretKeyJSON {
  object: 'machine_secret_key'
  secret: string
}

/** What API keys and machine tokens have in common. */
interface RevocableTokenJSON {
  scopes: string[]
  claims: Record<string, unknown> | null
  revoked: boolean
  revocation_reason: string | null
  expired: boolean
  /** Unix milliseconds; null when it does not expire. */
  expiration: number | null
  /** Unix milliseconds. */
  last_used_at: number | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface M2MTokenJSON extends ResourceJSON<'machine_to_machine_token'>, RevocableTokenJSON {
  /** Only in the answer to its creation. */
  token?: string
  /** Id of the machine that created it. */
  subject: string
}

export interface APIKeyJSON extends ResourceJSON<'api_key'>, RevocableTokenJSON {
  type: string
  name: string
  description: string | null
  /** Id of a user, an organization or a machine. */
  subject: string
  /** Id of a user. */
  created_by: string | null
  /** Only in the answer to its creation. */
  secret?: string
}

/** Answer of `GET /m2m_tokens`, the only list whose items are not under `data`. */
export interface M2MTokenListJSON {
  m2m_tokens: M2MTokenJSON[]
  total_count: number
}

export interface APIKeySecretJSON {
  secret: string
}
