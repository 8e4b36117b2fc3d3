import type {
  InstanceJSON,
  InstanceRestrictionsJSON,
  InstanceSettingsJSON,
  OrganizationSettingsJSON,
} from '@latchkey/types'
import { z } from 'zod'
import { component } from '../../http/components.js'
import type { Shape } from '../../http/validation.js'

export const instance = component(
  'Instance',
  z.object({
    object: z.literal('instance'),
    id: z.string(),
    environment_type: z.enum(['development', 'production']),
    allowed_origins: z.array(z.string()).nullable(),
    workspace_id: z.string().nullable(),
  } satisfies Shape<InstanceJSON>),
)

export const instanceRestrictions = component(
  'InstanceRestrictions',
  z.object({
    object: z.literal('instance_restrictions'),
    id: z.string(),
    allowlist: z.boolean(),
    blocklist: z.boolean(),
    allowlist_blocklist_disabled_on_sign_in: z.boolean(),
    block_email_subaddresses: z.boolean(),
    block_disposable_email_domains: z.boolean(),
    ignore_dots_for_gmail_addresses: z.boolean(),
  } satisfies Shape<InstanceRestrictionsJSON>),
)

export const instanceSettings = component(
  'InstanceSettings',
  z.object({
    object: z.literal('instance_settings'),
    id: z.string(),
    restricted_to_allowlist: z.boolean(),
    from_email_address: z.string(),
    progressive_sign_up: z.boolean(),
    enhanced_email_deliverability: z.boolean(),
  } satisfies Shape<InstanceSettingsJSON>),
)

export const organizationSettings = component(
  'OrganizationSettings',
  z.object({
    object: z.literal('organization_settings'),
    enabled: z.boolean(),
    max_allowed_memberships: z.int().min(0),
    max_allowed_roles: z.int().min(0),
    max_role_sets_allowed: z.int().min(0).optional(),
    max_allowed_domains: z.int().min(0),
    max_allowed_permissions: z.int().min(0),
    creator_role: z.string(),
    admin_delete_enabled: z.boolean(),
    domains_enabled: z.boolean(),
    slug_disabled: z.boolean().optional(),
    domains_enrollment_modes: z.array(z.enum(['manual_invitation', 'automatic_invitation', 'automatic_suggestion'])),
    domains_default_role: z.string(),
    initial_role_set_key: z.string().nullish(),
  } satisfies Shape<OrganizationSettingsJSON>),
)
