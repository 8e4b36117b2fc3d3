import type { ResourceJSON } from './resource.js'

export interface DomainJSON extends ResourceJSON<'domain'> {
  name: string
  is_satellite: boolean
  frontend_api_url: string
  /** Null for satellites. */
  accounts_portal_url?: string | null
  proxy_url?: string
  development_origin: string
  /** Null in development, and for a domain behind a proxy. */
  cname_targets: CnameTargetJSON[] | null
}

/** A DNS record that the domain needs. */
export interface CnameTargetJSON {
  host: string
  value: string
  /** Whether the domain needs this record to count as deployed. */
  required: boolean
}

export interface ProxyCheckJSON extends ResourceJSON<'proxy_check'> {
  domain_id: string
  /** Unix milliseconds. */
  last_run_at: number | null
  proxy_url: string
  successful: boolean
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface RedirectUrlJSON extends ResourceJSON<'redirect_url'> {
  url: string
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

/** An application used before anyone has an account. The official SDK has it; the API descriptions do not. */
export interface AccountlessApplicationJSON extends ResourceJSON<'accountless_application'> {
  publishable_key: string
  secret_key: string
  claim_url: string
  api_keys_url: string
}

export interface WebhooksSvixJSON {
  svix_url: string
}
