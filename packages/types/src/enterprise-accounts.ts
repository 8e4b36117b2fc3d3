import type { Metadata } from './metadata.js'
import type { ResourceJSON } from './resource.js'
import type { VerificationJSON } from './verification.js'

/** The account of a user at an enterprise's identity provider, SAML only. */
export interface SamlAccountJSON extends ResourceJSON<'saml_account'> {
  provider: string
  provider_user_id: string | null
  active: boolean
  email_address: string
  first_name: string | null
  last_name: string | null
  /** Unix milliseconds. */
  last_authenticated_at?: number | null
  public_metadata?: Metadata
  verification: VerificationJSON | null
  saml_connection: SamlAccountConnectionJSON | null
}

/** Summary of the connection that a SAML account was created through. */
export interface SamlAccountConnectionJSON {
  id: string
  name: string
  /** @deprecated Use `domains`. */
  domain: string
  domains?: string[]
  active: boolean
  provider: string
  sync_user_attributes: boolean
  allow_subdomains: boolean
  allow_idp_initiated: boolean
  disable_additional_identifications: boolean
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

/** The account of a user at an enterprise's identity provider. */
export interface EnterpriseAccountJSON extends ResourceJSON<'enterprise_account'> {
  protocol?: 'oauth' | 'saml'
  provider: string
  provider_user_id?: string | null
  active: boolean
  email_address: string
  first_name?: string | null
  last_name?: string | null
  enterprise_connection_id?: string | null
  /** Unix milliseconds. */
  last_authenticated_at?: number | null
  public_metadata?: Metadata
  verification: VerificationJSON | null
  enterprise_connection?: EnterpriseAccountConnectionJSON | null
}

/** Summary of the connection that an enterprise account was created through. */
export interface EnterpriseAccountConnectionJSON {
  id: string
  protocol: string
  provider: string
  name: string
  logo_public_url: string | null
  /** @deprecated Use `domains`. */
  domain?: string
  domains?: string[]
  active: boolean
  sync_user_attributes: boolean
  allow_subdomains: boolean
  allow_idp_initiated: boolean
  disable_additional_identifications: boolean
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}
