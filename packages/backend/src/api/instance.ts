import type {
  DomainsEnrollmentModes,
  InstanceJSON,
  InstanceRestrictionsJSON,
  OrganizationSettingsJSON,
} from '@latchkey/types'
import { path } from '../core/path.js'
import type { ApiClient } from '../core/request.js'

export class InstanceApi {
  private readonly client: ApiClient

  constructor(client: ApiClient) {
    this.client = client
  }

  async get(): Promise<Instance> {
    return toInstance(await this.client.request('GET', path`/instance`))
  }

  async update(params: UpdateInstanceParams): Promise<void> {
    return this.client.request('PATCH', path`/instance`, { body: params })
  }

  async updateRestrictions(params: UpdateRestrictionsParams): Promise<InstanceRestrictions> {
    return toInstanceRestrictions(await this.client.request('PATCH', path`/instance/restrictions`, { body: params }))
  }

  async getOrganizationSettings(): Promise<OrganizationSettings> {
    return toOrganizationSettings(await this.client.request('GET', path`/instance/organization_settings`))
  }

  async updateOrganizationSettings(params: UpdateOrganizationSettingsParams): Promise<OrganizationSettings> {
    return toOrganizationSettings(await this.client.request('PATCH', path`/instance/organization_settings`, { body: params }))
  }
}

export interface Instance {
  id: string
  /** `development` or `production`. */
  environmentType: string
  allowedOrigins: string[] | null
}

export interface InstanceRestrictions {
  allowlist: boolean
  blocklist: boolean
  blockEmailSubaddresses: boolean
  blockDisposableEmailDomains: boolean
  ignoreDotsForGmailAddresses: boolean
}

export interface OrganizationSettings {
  enabled: boolean
  maxAllowedMemberships: number
  maxAllowedRoles: number
  maxAllowedPermissions: number
  /** Key of the role that the creator of an organization gets, such as `org:admin`. */
  creatorRole: string
  adminDeleteEnabled: boolean
  domainsEnabled: boolean
  slugDisabled: boolean
  domainsEnrollmentModes: DomainsEnrollmentModes[]
  domainsDefaultRole: string
}

/** What is left out or null stays as it is. */
export interface UpdateInstanceParams {
  /** Accepts the test e-mail addresses and phone numbers. Default is true in development. */
  testMode?: boolean | null
  /** Refuses passwords known from breaches. */
  hibp?: boolean | null
  enhancedEmailDeliverability?: boolean | null
  supportEmail?: string | null
  clerkJsVersion?: string | null
  developmentOrigin?: string | null
  /** Origins of browser extensions and apps, beside the instance's own. */
  allowedOrigins?: string[]
  urlBasedSessionSyncing?: boolean | null
  /** An empty string clears it. */
  preferredSignInStrategyWhenPasswordRequired?: 'password' | 'otp' | '' | null
}

export interface UpdateRestrictionsParams {
  allowlist?: boolean | null
  blocklist?: boolean | null
  allowlistBlocklistDisabledOnSignIn?: boolean | null
  blockEmailSubaddresses?: boolean | null
  blockDisposableEmailDomains?: boolean | null
  ignoreDotsForGmailAddresses?: boolean | null
}

export interface UpdateOrganizationSettingsParams {
  enabled?: boolean | null
  /** 0 means no limit. */
  maxAllowedMemberships?: number | null
  adminDeleteEnabled?: boolean | null
  domainsEnabled?: boolean | null
  slugDisabled?: boolean | null
  domainsEnrollmentModes?: string[]
  creatorRoleId?: string | null
  domainsDefaultRoleId?: string | null
}

export function toInstance(json: InstanceJSON): Instance {
  return { id: json.id, environmentType: json.environment_type, allowedOrigins: json.allowed_origins }
}

export function toInstanceRestrictions(json: InstanceRestrictionsJSON): InstanceRestrictions {
  return {
    allowlist: json.allowlist,
    blocklist: json.blocklist,
    blockEmailSubaddresses: json.block_email_subaddresses,
    blockDisposableEmailDomains: json.block_disposable_email_domains,
    ignoreDotsForGmailAddresses: json.ignore_dots_for_gmail_addresses,
  }
}

export function toOrganizationSettings(json: OrganizationSettingsJSON): OrganizationSettings {
  return {
    enabled: json.enabled,
    maxAllowedMemberships: json.max_allowed_memberships,
    maxAllowedRoles: json.max_allowed_roles,
    maxAllowedPermissions: json.max_allowed_permissions,
    creatorRole: json.creator_role,
    adminDeleteEnabled: json.admin_delete_enabled,
    domainsEnabled: json.domains_enabled,
    slugDisabled: json.slug_disabled as boolean,
    domainsEnrollmentModes: json.domains_enrollment_modes,
    domainsDefaultRole: json.domains_default_role,
  }
}
