import type { ResourceJSON } from './resource.js'

export interface SamlConnectionJSON extends ResourceJSON<'saml_connection'> {
  name: string
  /** @deprecated Use `domains`. */
  domain: string
  domains?: string[]
  organization_id: string | null
  idp_entity_id: string | null
  idp_sso_url: string | null
  /** PEM without its first and last line. */
  idp_certificate: string | null
  /** Unix milliseconds. */
  idp_certificate_issued_at: number | null
  /** Unix milliseconds. */
  idp_certificate_expires_at: number | null
  idp_metadata_url: string | null
  idp_metadata: string | null
  acs_url: string
  sp_entity_id: string
  sp_metadata_url: string
  attribute_mapping: AttributeMappingJSON
  active: boolean
  provider: string
  user_count: number
  sync_user_attributes: boolean
  allow_subdomains: boolean
  allow_idp_initiated: boolean
  disable_additional_identifications: boolean
  allow_organization_account_linking: boolean
  force_authn: boolean
  login_hint: SamlLoginHintJSON
  enterprise_connection_id?: string | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

/** Maps attributes of the identity provider to fields of the user. */
export interface AttributeMappingJSON {
  user_id: string
  email_address: string
  first_name: string
  last_name: string
}

/** What the identity provider is told about the person who signs in. */
export interface SamlLoginHintJSON {
  mode: 'email_address' | 'custom_attribute' | 'off'
  /** Key of the user's public metadata, for `custom_attribute`. */
  source?: string
}

/** A certificate of the identity provider. */
export interface SamlConnectionIdpCertificateJSON {
  /** PEM without its first and last line. */
  certificate: string
  /** Unix milliseconds. */
  issued_at: number | null
  /** Unix milliseconds. */
  expires_at: number | null
}

/** A connection to the identity provider of an enterprise, with any protocol. */
export interface EnterpriseConnectionJSON extends ResourceJSON<'enterprise_connection'> {
  name: string
  /** Such as `saml_okta` or `oidc_custom`. */
  provider: string
  logo_public_url?: string | null
  active: boolean
  domains: string[]
  organization_id?: string | null
  sync_user_attributes?: boolean
  disable_additional_identifications?: boolean
  allow_organization_account_linking?: boolean
  authenticatable?: boolean
  disable_jit_provisioning?: boolean
  custom_attributes?: EnterpriseConnectionCustomAttributeJSON[]
  saml_connection?: EnterpriseConnectionSamlConnectionJSON | null
  oauth_config?: EnterpriseConnectionOauthConfigJSON | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

/** An attribute of the identity provider that is copied to the user's public metadata. */
export interface EnterpriseConnectionCustomAttributeJSON {
  name: string
  key: string
  sso_path?: string
  scim_path?: string
  directory_path?: string
  multi_valued?: boolean
}

export type EnterpriseConnectionSamlConnectionLoginHintJSON = SamlLoginHintJSON

export interface EnterpriseConnectionSamlConnectionJSON {
  id: string
  name: string
  idp_entity_id?: string | null
  idp_sso_url?: string | null
  idp_metadata_url?: string | null
  idp_certificates?: SamlConnectionIdpCertificateJSON[]
  acs_url?: string | null
  sp_entity_id?: string | null
  sp_metadata_url?: string | null
  active: boolean
  allow_idp_initiated: boolean
  allow_subdomains: boolean
  force_authn: boolean
  login_hint: EnterpriseConnectionSamlConnectionLoginHintJSON
}

export interface EnterpriseConnectionOauthConfigJSON {
  id: string
  name: string
  provider_key: string
  client_id?: string | null
  discovery_url?: string | null
  auth_url?: string | null
  token_url?: string | null
  user_info_url?: string | null
  requires_pkce?: boolean
  logo_public_url?: string | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

/** The result of a connection's test run. */
export interface EnterpriseConnectionTestRunJSON {
  id: string
  status: 'pending' | 'success' | 'failed'
  connection_type: 'saml' | 'oauth'
  /** The user's data from the identity provider. */
  parsed_user_info?: Partial<AttributeMappingJSON> | null
  logs?: EnterpriseConnectionTestRunLogJSON[]
  /** Base64; only of SAML connections. */
  saml?: { saml_request?: string; saml_response?: string; relay_state?: string } | null
  /** Only of OpenID Connect connections. */
  oauth?: { id_token?: string; access_token?: string; user_info?: string } | null
  /** Unix milliseconds. */
  created_at: number
}

export interface EnterpriseConnectionTestRunLogJSON {
  level: string
  code?: string
  short_message?: string
  message: string
}

export interface EnterpriseConnectionTestRunUrlJSON {
  /** Tests the connection with a sign-in. The URL is valid for a short time. */
  url: string
}
