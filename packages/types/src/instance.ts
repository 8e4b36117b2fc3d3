import type { DomainsEnrollmentModes } from './organization-domains.js'
import type { ResourceJSON } from './resource.js'

export interface InstanceJSON extends ResourceJSON<'instance'> {
  /** `development` or `production`. */
  environment_type: string
  allowed_origins: string[] | null
  workspace_id: string | null
}

export interface UpdateInstanceJSON {
  /** Accepts the test e-mail addresses and phone numbers. Default is true in development. */
  test_mode?: boolean | null
  /** Refuses passwords known from breaches. */
  hibp?: boolean | null
  support_email?: string | null
  clerk_js_version?: string | null
  development_origin?: string | null
  /** Origins of browser extensions and apps, in addition to the instance's own. */
  allowed_origins?: string[]
  /** @deprecated Use `url_based_session_syncing`. */
  cookieless_dev?: boolean | null
  url_based_session_syncing?: boolean | null
  /** An empty string clears it. Default is `password`. */
  preferred_sign_in_strategy_when_password_required?: 'password' | 'otp' | '' | null
}

export interface InstanceRestrictionsJSON {
  object: 'instance_restrictions'
  id: string
  allowlist: boolean
  blocklist: boolean
  allowlist_blocklist_disabled_on_sign_in: boolean
  block_email_subaddresses: boolean
  block_disposable_email_domains: boolean
  ignore_dots_for_gmail_addresses: boolean
}

export interface UpdateInstanceRestrictionsJSON {
  allowlist?: boolean | null
  blocklist?: boolean | null
  allowlist_blocklist_disabled_on_sign_in?: boolean | null
  block_email_subaddresses?: boolean | null
  block_disposable_email_domains?: boolean | null
  /** Not in the API description; the official SDK has it. */
  ignore_dots_for_gmail_addresses?: boolean | null
}

/** Answer of `PATCH /beta_features/instance_settings`. */
export interface InstanceSettingsJSON extends ResourceJSON<'instance_settings'> {
  restricted_to_allowlist: boolean
  /** The part before the `@`. */
  from_email_address: string
  progressive_sign_up: boolean
  enhanced_email_deliverability: boolean
}

export interface UpdateInstanceSettingsJSON {
  restricted_to_allowlist?: boolean | null
  /** The part before the `@`. */
  from_email_address?: string | null
  progressive_sign_up?: boolean | null
  test_mode?: boolean | null
}

export interface InstanceProtectJSON {
  object: 'instance_protect'
  rules_enabled: boolean
  specter_enabled: boolean
  checks_bypassed: boolean
}

export interface UpdateInstanceProtectJSON {
  rules_enabled?: boolean | null
  specter_enabled?: boolean | null
}

export interface InstanceCommunicationJSON {
  object: 'instance_communication'
  /** ISO 3166-1 alpha-2, upper case. */
  blocked_country_codes: string[]
}

export interface UpdateInstanceCommunicationJSON {
  /** Replaces the whole list; at most 250, each once. */
  blocked_country_codes?: string[] | null
}

export interface OAuthApplicationSettingsJSON {
  object: 'oauth_application_settings'
  dynamic_oauth_client_registration: boolean
  default_scopes: string[] | null
  oauth_jwt_access_tokens: boolean
  client_id_metadata_documents_advertised: boolean
  client_id_metadata_documents_only_allow_pre_registered_clients: boolean
  client_id_metadata_documents_block_implicitly_allowed_clients: boolean
}

export interface UpdateOAuthApplicationSettingsJSON {
  dynamic_oauth_client_registration?: boolean | null
  /** Null restores the defaults. */
  default_scopes?: string[] | null
  oauth_jwt_access_tokens?: boolean | null
  client_id_metadata_documents_advertised?: boolean | null
  client_id_metadata_documents_only_allow_pre_registered_clients?: boolean | null
  client_id_metadata_documents_block_implicitly_allowed_clients?: boolean | null
}

export interface OrganizationSettingsJSON {
  object: 'organization_settings'
  enabled: boolean
  max_allowed_memberships: number
  max_allowed_roles: number
  max_role_sets_allowed?: number
  max_allowed_domains: number
  /** @deprecated Permissions have no limit of their own. */
  max_allowed_permissions: number
  /** Key of the role that the creator of an organization gets, such as `org:admin`. */
  creator_role: string
  admin_delete_enabled: boolean
  domains_enabled: boolean
  slug_disabled?: boolean
  domains_enrollment_modes: DomainsEnrollmentModes[]
  domains_default_role: string
  initial_role_set_key?: string | null
}

export interface UpdateOrganizationSettingsJSON {
  enabled?: boolean | null
  max_allowed_memberships?: number | null
  admin_delete_enabled?: boolean | null
  domains_enabled?: boolean | null
  slug_disabled?: boolean | null
  domains_enrollment_modes?: string[]
  creator_role_id?: string | null
  domains_default_role_id?: string | null
}

export interface ChangeDomainJSON {
  /** Such as `https://www.example.com`. */
  home_url?: string
  is_secondary?: boolean
}
