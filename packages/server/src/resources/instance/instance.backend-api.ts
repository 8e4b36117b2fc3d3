import type {
  UpdateInstanceJSON,
  UpdateInstanceRestrictionsJSON,
  UpdateInstanceSettingsJSON,
  UpdateOrganizationSettingsJSON,
} from '@latchkey/types'
import { z } from 'zod'
import { endpoint, type Endpoint } from '../../endpoint.js'
import type { Shape } from '../../http/validation.js'
import {
  instance as instanceSchema,
  instanceRestrictions,
  instanceSettings,
  organizationSettings,
} from './instance.schema.js'
import {
  toInstanceJSON,
  toInstanceRestrictionsJSON,
  toInstanceSettingsJSON,
  toOrganizationSettingsJSON,
} from './instance.serializer.js'

/** Gone from the newest description, but the official SDK still offers it. */
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

export const instanceEndpoints: Endpoint[] = [
  endpoint(
    'GET /instance',
    { operationId: 'GetInstance', access: 'secret_key', response: instanceSchema },
    async ({ services: { instance } }) => toInstanceJSON(instance.get()),
  ),

  endpoint(
    'PATCH /instance',
    { operationId: 'UpdateInstance', access: 'secret_key', status: 204, body: updateInstance },
    async ({ body, services: { instance } }) =>
      instance.update({
        testMode: body.test_mode,
        hibp: body.hibp,
        supportEmail: body.support_email,
        clerkJsVersion: body.clerk_js_version,
        developmentOrigin: body.development_origin,
        allowedOrigins: body.allowed_origins,
        urlBasedSessionSyncing: body.url_based_session_syncing ?? body.cookieless_dev,
        preferredSignInStrategyWhenPasswordRequired: body.preferred_sign_in_strategy_when_password_required,
        enhancedEmailDeliverability: body.enhanced_email_deliverability,
      }),
  ),

  endpoint(
    'PATCH /instance/restrictions',
    {
      operationId: 'UpdateInstanceRestrictions',
      access: 'secret_key',
      response: instanceRestrictions,
      body: updateRestrictions,
    },
    async ({ body, services: { instance } }) =>
      toInstanceRestrictionsJSON(
        await instance.updateRestrictions({
          allowlist: body.allowlist,
          blocklist: body.blocklist,
          allowlistBlocklistDisabledOnSignIn: body.allowlist_blocklist_disabled_on_sign_in,
          blockEmailSubaddresses: body.block_email_subaddresses,
          blockDisposableEmailDomains: body.block_disposable_email_domains,
          ignoreDotsForGmailAddresses: body.ignore_dots_for_gmail_addresses,
        }),
      ),
  ),

  endpoint(
    'GET /instance/organization_settings',
    { operationId: 'GetInstanceOrganizationSettings', access: 'secret_key', response: organizationSettings },
    async ({ services: { instance } }) => toOrganizationSettingsJSON(instance.get()),
  ),

  endpoint(
    'PATCH /instance/organization_settings',
    {
      operationId: 'UpdateInstanceOrganizationSettings',
      access: 'secret_key',
      response: organizationSettings,
      body: updateOrganizationSettings,
    },
    async ({ body, services: { instance } }) =>
      toOrganizationSettingsJSON(
        await instance.updateOrganizationSettings({
          enabled: body.enabled,
          maxAllowedMemberships: body.max_allowed_memberships,
          adminDeleteEnabled: body.admin_delete_enabled,
          domainsEnabled: body.domains_enabled,
          slugDisabled: body.slug_disabled,
          domainsEnrollmentModes: body.domains_enrollment_modes,
          creatorRoleId: body.creator_role_id,
          domainsDefaultRoleId: body.domains_default_role_id,
        }),
      ),
  ),

  endpoint(
    'PATCH /beta_features/instance_settings',
    {
      operationId: 'UpdateInstanceAuthConfig',
      access: 'secret_key',
      response: instanceSettings,
      body: updateInstanceSettings,
    },
    async ({ body, services: { instance } }) =>
      toInstanceSettingsJSON(
        await instance.update({
          restrictedToAllowlist: body.restricted_to_allowlist,
          fromEmailName: body.from_email_address,
          progressiveSignUp: body.progressive_sign_up,
          testMode: body.test_mode,
        }),
      ),
  ),
]
