import type {
  InstanceJSON,
  InstanceRestrictionsJSON,
  InstanceSettingsJSON,
  OrganizationSettingsJSON,
} from '@latchkey/types'
import type { Instance } from '../instances/instance.js'

export function toInstanceJSON({ id, environmentType, settings }: Instance): InstanceJSON {
  return {
    object: 'instance',
    id,
    environment_type: environmentType,
    allowed_origins: settings.allowedOrigins,
    workspace_id: null,
  }
}

export function toInstanceRestrictionsJSON({ id, settings: { restrictions } }: Instance): InstanceRestrictionsJSON {
  return {
    object: 'instance_restrictions',
    id,
    allowlist: restrictions.allowlist,
    blocklist: restrictions.blocklist,
    allowlist_blocklist_disabled_on_sign_in: restrictions.allowlistBlocklistDisabledOnSignIn,
    block_email_subaddresses: restrictions.blockEmailSubaddresses,
    block_disposable_email_domains: restrictions.blockDisposableEmailDomains,
    ignore_dots_for_gmail_addresses: restrictions.ignoreDotsForGmailAddresses,
  }
}

export function toInstanceSettingsJSON({ id, settings }: Instance): InstanceSettingsJSON {
  return {
    object: 'instance_settings',
    id,
    restricted_to_allowlist: settings.restrictions.allowlist,
    from_email_address: settings.fromEmailName,
    progressive_sign_up: settings.progressiveSignUp,
    enhanced_email_deliverability: settings.enhancedEmailDeliverability,
  }
}

/** Limits that nobody can set; they are what the cloud grants. */
const LIMITS = { max_allowed_roles: 10, max_role_sets_allowed: 1, max_allowed_domains: 10, max_allowed_permissions: 50 }

export function toOrganizationSettingsJSON({ settings: { organizations } }: Instance): OrganizationSettingsJSON {
  return {
    object: 'organization_settings',
    enabled: organizations.enabled,
    max_allowed_memberships: organizations.maxAllowedMemberships,
    ...LIMITS,
    creator_role: organizations.creatorRole,
    admin_delete_enabled: organizations.adminDeleteEnabled,
    domains_enabled: organizations.domainsEnabled,
    slug_disabled: organizations.slugDisabled,
    domains_enrollment_modes: organizations.domainsEnrollmentModes,
    domains_default_role: organizations.domainsDefaultRole,
    initial_role_set_key: null,
  }
}
