import type {
  InstanceCommunicationJSON,
  InstanceJSON,
  InstanceProtectJSON,
  InstanceRestrictionsJSON,
  InstanceSettingsJSON,
  OAuthApplicationSettingsJSON,
  OrganizationSettingsJSON,
} from '@latchkey/types'
import { z } from 'zod'
import type { Instance } from '../../instances/instance.js'
import { component, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { InstanceWithRoles } from './instance-settings.rules.js'

const instanceSchema = component(
  'Instance',
  z.object({
    object: z.literal('instance'),
    id: z.string(),
    environment_type: z.enum(['development', 'production']),
    allowed_origins: z.array(z.string()).nullable(),
    workspace_id: z.string().nullable(),
  } satisfies Shape<InstanceJSON>),
)

const restrictionsSchema = component(
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

const settingsSchema = component(
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

const organizationsSchema = component(
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

const protectSchema = component(
  'InstanceProtect',
  z.object({
    object: z.literal('instance_protect'),
    rules_enabled: z.boolean(),
    specter_enabled: z.boolean(),
    checks_bypassed: z.boolean(),
  } satisfies Shape<InstanceProtectJSON>),
)

const communicationSchema = component(
  'InstanceCommunication',
  z.object({
    object: z.literal('instance_communication'),
    blocked_country_codes: z.array(z.string()),
  } satisfies Shape<InstanceCommunicationJSON>),
)

const oauthApplicationsSchema = component(
  'OAuthApplicationSettings',
  z.object({
    object: z.literal('oauth_application_settings'),
    dynamic_oauth_client_registration: z.boolean(),
    default_scopes: z.array(z.string()).nullable(),
    oauth_jwt_access_tokens: z.boolean(),
    client_id_metadata_documents_advertised: z.boolean(),
    client_id_metadata_documents_only_allow_pre_registered_clients: z.boolean(),
    client_id_metadata_documents_block_implicitly_allowed_clients: z.boolean(),
  } satisfies Shape<OAuthApplicationSettingsJSON>),
)

export const instance = {
  schema: instanceSchema,
  toJSON: (record: Instance): InstanceJSON =>
    toWire(instanceSchema, record, {
      object: 'instance',
      allowed_origins: record.settings.allowedOrigins,
      workspace_id: null,
    }),
}

export const instanceRestrictions = {
  schema: restrictionsSchema,
  toJSON: ({ id, settings }: Instance): InstanceRestrictionsJSON =>
    toWire(restrictionsSchema, settings.restrictions, { object: 'instance_restrictions', id }),
}

export const instanceSettings = {
  schema: settingsSchema,
  toJSON: ({ id, settings }: Instance): InstanceSettingsJSON =>
    toWire(settingsSchema, settings, {
      object: 'instance_settings',
      id,
      restricted_to_allowlist: settings.restrictions.allowlist,
      from_email_address: settings.fromEmailName,
    }),
}

export const instanceProtect = {
  schema: protectSchema,
  toJSON: ({ settings }: Instance): InstanceProtectJSON =>
    toWire(protectSchema, settings.protect, { object: 'instance_protect' }),
}

export const instanceCommunication = {
  schema: communicationSchema,
  toJSON: ({ settings }: Instance): InstanceCommunicationJSON =>
    toWire(communicationSchema, settings.communication, { object: 'instance_communication' }),
}

export const oauthApplicationSettings = {
  schema: oauthApplicationsSchema,
  toJSON: ({ settings }: Instance): OAuthApplicationSettingsJSON =>
    toWire(oauthApplicationsSchema, settings.oauthApplications, { object: 'oauth_application_settings' }),
}

/** As in the cloud. Permissions are not limited here. */
const MAX_ALLOWED_PERMISSIONS = 50

export const organizationSettings = {
  schema: organizationsSchema,
  toJSON: ({ settings, initialRoleSet }: InstanceWithRoles): OrganizationSettingsJSON => {
    const keyOf = (id: string) => initialRoleSet.roles.find((role) => role.id === id)!.key
    return toWire(organizationsSchema, settings.organizations, {
      object: 'organization_settings',
      max_allowed_permissions: MAX_ALLOWED_PERMISSIONS,
      creator_role: keyOf(initialRoleSet.creatorRoleId),
      domains_default_role: keyOf(initialRoleSet.defaultRoleId),
      initial_role_set_key: initialRoleSet.key,
    })
  },
}
