import type {
  UpdateInstanceCommunicationJSON,
  UpdateInstanceJSON,
  UpdateInstanceProtectJSON,
  UpdateInstanceRestrictionsJSON,
  UpdateInstanceSettingsJSON,
  UpdateOAuthApplicationSettingsJSON,
  UpdateOrganizationSettingsJSON,
} from '@latchkey/types'
import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import type { Shape } from '../../kernel/component.js'
import type { InstanceSettingsService } from './instance-settings.service.js'
import {
  instance,
  instanceCommunication,
  instanceProtect,
  instanceRestrictions,
  instanceSettings,
  oauthApplicationSettings,
  organizationSettings,
} from './instance-settings.wire.js'

/** No longer in the newest description, but the official SDK still offers it. */
interface DeprecatedInstanceJSON {
  enhanced_email_deliverability?: boolean | null
}

const updateInstance = z.object({
  test_mode: z.boolean().nullish(),
  hibp: z.boolean().nullish(),
  support_email: z.string().max(256).nullish(),
  clerk_js_version: z.string().max(64).nullish(),
  development_origin: z.string().nullish(),
  allowed_origins: z.array(z.string()).max(100).optional(),
  cookieless_dev: z.boolean().nullish(),
  url_based_session_syncing: z.boolean().nullish(),
  preferred_sign_in_strategy_when_password_required: z.enum(['password', 'otp', '']).nullish(),
  enhanced_email_deliverability: z.boolean().nullish(),
} satisfies Shape<UpdateInstanceJSON & DeprecatedInstanceJSON>)

const updateRestrictions = z.object({
  allowlist: z.boolean().nullish(),
  blocklist: z.boolean().nullish(),
  allowlist_blocklist_disabled_on_sign_in: z.boolean().nullish(),
  block_email_subaddresses: z.boolean().nullish(),
  block_disposable_email_domains: z.boolean().nullish(),
  ignore_dots_for_gmail_addresses: z.boolean().nullish(),
} satisfies Shape<UpdateInstanceRestrictionsJSON>)

const updateOrganizationSettings = z.object({
  enabled: z.boolean().nullish(),
  max_allowed_memberships: z.int().min(0).nullish(),
  admin_delete_enabled: z.boolean().nullish(),
  domains_enabled: z.boolean().nullish(),
  slug_disabled: z.boolean().nullish(),
  domains_enrollment_modes: z
    .array(z.enum(['manual_invitation', 'automatic_invitation', 'automatic_suggestion']))
    .max(3)
    .optional(),
  creator_role_id: z.string().nullish(),
  domains_default_role_id: z.string().nullish(),
} satisfies Shape<UpdateOrganizationSettingsJSON>)

const updateInstanceSettings = z.object({
  restricted_to_allowlist: z.boolean().nullish(),
  from_email_address: z.string().min(1).nullish(),
  progressive_sign_up: z.boolean().nullish(),
  test_mode: z.boolean().nullish(),
} satisfies Shape<UpdateInstanceSettingsJSON>)

const updateProtect = z.object({
  rules_enabled: z.boolean().nullish(),
  specter_enabled: z.boolean().nullish(),
} satisfies Shape<UpdateInstanceProtectJSON>)

const updateCommunication = z.object({
  blocked_country_codes: z
    .array(z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters'))
    .max(250)
    .nullish(),
} satisfies Shape<UpdateInstanceCommunicationJSON>)

const updateOAuthApplications = z.object({
  dynamic_oauth_client_registration: z.boolean().nullish(),
  default_scopes: z.array(z.string()).nullish(),
  oauth_jwt_access_tokens: z.boolean().nullish(),
  client_id_metadata_documents_advertised: z.boolean().nullish(),
  client_id_metadata_documents_only_allow_pre_registered_clients: z.boolean().nullish(),
  client_id_metadata_documents_block_implicitly_allowed_clients: z.boolean().nullish(),
} satisfies Shape<UpdateOAuthApplicationSettingsJSON>)

const endpoint = endpointFactory<{ instanceSettings: InstanceSettingsService }>()
const access = 'secret_key'

export const instanceSettingsEndpoints = [
  endpoint('GET /instance', { operationId: 'GetInstance', access, answer: instance }, async ({ services }) =>
    services.instanceSettings.get(),
  ),

  endpoint(
    'PATCH /instance',
    { operationId: 'UpdateInstance', access, body: updateInstance, status: 204 },
    ({ body, caller, services }) => services.instanceSettings.update(body, caller),
  ),

  endpoint(
    'PATCH /instance/restrictions',
    { operationId: 'UpdateInstanceRestrictions', access, body: updateRestrictions, answer: instanceRestrictions },
    ({ body, caller, services }) => services.instanceSettings.updateRestrictions(body, caller),
  ),

  endpoint(
    'GET /instance/organization_settings',
    { operationId: 'GetInstanceOrganizationSettings', access, answer: organizationSettings },
    ({ services }) => services.instanceSettings.getOrganizationSettings(),
  ),

  endpoint(
    'PATCH /instance/organization_settings',
    {
      operationId: 'UpdateInstanceOrganizationSettings',
      access,
      body: updateOrganizationSettings,
      answer: organizationSettings,
    },
    ({ body, caller, services }) => services.instanceSettings.updateOrganizationSettings(body, caller),
  ),

  endpoint(
    'GET /instance/protect',
    { operationId: 'GetInstanceProtect', access, answer: instanceProtect },
    async ({ services }) => services.instanceSettings.get(),
  ),

  endpoint(
    'PATCH /instance/protect',
    { operationId: 'UpdateInstanceProtect', access, body: updateProtect, answer: instanceProtect },
    ({ body, caller, services }) => services.instanceSettings.updateProtect(body, caller),
  ),

  endpoint(
    'GET /instance/communication',
    { operationId: 'GetInstanceCommunication', access, answer: instanceCommunication },
    async ({ services }) => services.instanceSettings.get(),
  ),

  endpoint(
    'PATCH /instance/communication',
    { operationId: 'UpdateInstanceCommunication', access, body: updateCommunication, answer: instanceCommunication },
    ({ body, caller, services }) => services.instanceSettings.updateCommunication(body, caller),
  ),

  endpoint(
    'GET /instance/oauth_application_settings',
    { operationId: 'GetInstanceOAuthApplicationSettings', access, answer: oauthApplicationSettings },
    async ({ services }) => services.instanceSettings.get(),
  ),

  endpoint(
    'PATCH /instance/oauth_application_settings',
    {
      operationId: 'UpdateInstanceOAuthApplicationSettings',
      access,
      body: updateOAuthApplications,
      answer: oauthApplicationSettings,
    },
    ({ body, caller, services }) => services.instanceSettings.updateOAuthApplications(body, caller),
  ),

  endpoint(
    'PATCH /beta_features/instance_settings',
    { operationId: 'UpdateInstanceAuthConfig', access, body: updateInstanceSettings, answer: instanceSettings },
    ({ body: { fromEmailAddress, ...input }, caller, services }) =>
      services.instanceSettings.update({ ...input, fromEmailName: fromEmailAddress }, caller),
  ),
]
