import { z } from 'zod'
import { jwtTemplateInput } from '../../resources/jwt-templates/jwt-templates.wire.js'
import { oauthApplication } from './seed-oauth.js'
import { apiKey, machine } from './seed-machines.schema.js'
import { organization } from './seed-organization.schema.js'
import { organizationPermission, organizationRole, roleSet } from './seed-roles.schema.js'
import { template } from './seed-templates.js'
import type { Camelized } from '../../kernel/wire.js'
import { furtherSettings } from './seed-settings.js'
import { webhookEndpoint } from './seed-webhooks.schema.js'

const id = z.string().min(1).max(256)
/** RFC 3339, as the API takes it. */
const instant = z.iso.datetime({ offset: true })
/** The same, as Unix milliseconds. */
const time = instant.transform((text) => Date.parse(text))
const status = z.enum(['verified', 'reserved', 'unverified'])
const metadata = z.record(z.string(), z.unknown())

const emailAddress = z.strictObject({
  id: id.optional(),
  email_address: z.string(),
  status: status.default('verified'),
})
const phoneNumber = z.strictObject({
  id: id.optional(),
  phone_number: z.string(),
  status: status.default('verified'),
  reserved_for_second_factor: z.boolean().default(false),
})
const web3Wallet = z.strictObject({ id: id.optional(), web3_wallet: z.string() })

const externalAccount = z
  .strictObject({
    id: id.optional(),
    identification_id: id.optional(),
    provider: z.string().min(1),
    provider_user_id: z.string().min(1),
    email_address: z.string().optional(),
    email_address_verified: z.boolean().nullable().optional(),
    first_name: z.string().optional(),
    last_name: z.string().optional(),
    username: z.string().nullable().optional(),
    phone_number: z.string().nullable().optional(),
    image_url: z.string().nullable().optional(),
    approved_scopes: z.string().optional(),
    label: z.string().nullable().optional(),
    public_metadata: metadata.optional(),
    access_token: z.string().optional(),
    refresh_token: z.string().optional(),
    id_token: z.string().optional(),
    token_secret: z.string().optional(),
    token_expires_at: time.optional(),
    created_at: time.optional(),
  })
  .refine(
    (account) =>
      account.access_token !== undefined ||
      (account.refresh_token ?? account.id_token ?? account.token_secret ?? account.token_expires_at) === undefined,
    {
      message: 'is required beside the other tokens',
      path: ['access_token'],
    },
  )

const passkey = z.strictObject({
  id: id.optional(),
  name: z.string(),
  credential_id: z.string().min(1),
  public_key: z.string().min(1),
  signature_counter: z.int().min(0).optional(),
  transports: z.array(z.string()).optional(),
  last_used_at: time.optional(),
  created_at: time.optional(),
})

const trustedDevice = z.strictObject({
  id: id.optional(),
  platform: z.enum(['ios', 'android']),
  app_identifier: z.string().min(1),
  name: z.string().nullable().optional(),
  public_key: z.string().min(1),
  last_used_at: time.optional(),
  revoked_at: time.optional(),
  created_at: time.optional(),
})

const session = z.strictObject({
  id,
  client_id: id.optional(),
  status: z.enum(['active', 'revoked', 'ended', 'removed']).default('active'),
  created_at: time.optional(),
  expire_at: time.optional(),
})

const user = z.strictObject({
  id: id.optional(),
  external_id: z.string().optional(),
  username: z.string().optional(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
  locale: z.string().optional(),
  email_addresses: z
    .array(
      z.union([
        z.string().transform((text) => ({ email_address: text, status: 'verified' as const, id: undefined })),
        emailAddress,
      ]),
    )
    .optional(),
  phone_numbers: z
    .array(
      z.union([
        z.string().transform((text) => ({
          phone_number: text,
          status: 'verified' as const,
          reserved_for_second_factor: false,
          id: undefined,
        })),
        phoneNumber,
      ]),
    )
    .optional(),
  web3_wallets: z
    .array(z.union([z.string().transform((text) => ({ web3_wallet: text, id: undefined })), web3Wallet]))
    .optional(),
  password: z.string().optional(),
  password_digest: z.string().optional(),
  password_hasher: z.string().optional(),
  password_compromised: z.boolean().optional(),
  totp_secret: z.string().optional(),
  backup_codes: z.array(z.string()).optional(),
  public_metadata: metadata.optional(),
  private_metadata: metadata.optional(),
  unsafe_metadata: metadata.optional(),
  delete_self_enabled: z.boolean().optional(),
  create_organization_enabled: z.boolean().optional(),
  create_organizations_limit: z.int().min(0).optional(),
  bypass_client_trust: z.boolean().optional(),
  legal_accepted_at: instant.optional(),
  created_at: instant.optional(),
  banned: z.boolean().optional(),
  locked: z.boolean().optional(),
  /** `data:image/png;base64,…` */
  profile_image: z
    .string()
    .regex(/^data:image\/[a-z+.-]+;base64,[A-Za-z0-9+/=]+$/, 'must be a data URL with an image in base64')
    .optional(),
  external_accounts: z.array(externalAccount).optional(),
  passkeys: z.array(passkey).optional(),
  trusted_devices: z.array(trustedDevice).optional(),
  sessions: z.array(session).optional(),
})

const listIdentifier = z.union([
  z.string().transform((text) => ({ identifier: text, id: undefined })),
  z.strictObject({ id: id.optional(), identifier: z.string() }),
])

const redirectUrl = z.union([
  z.string().transform((text) => ({ url: text, id: undefined })),
  z.strictObject({ id: id.optional(), url: z.string() }),
])

const satellite = z.union([
  z.string().transform((text) => ({ name: text, id: undefined, proxy_url: undefined })),
  z.strictObject({ id: id.optional(), name: z.string(), proxy_url: z.string().optional() }),
])

const jwtTemplate = jwtTemplateInput.extend({ id: id.optional() }).strict()

const invitation = z.strictObject({
  id: id.optional(),
  email_address: z.string(),
  public_metadata: metadata.optional(),
  redirect_url: z.string().optional(),
  expires_in_days: z.int().min(1).max(365).optional(),
  template_slug: z.enum(['invitation', 'waitlist_invitation']).optional(),
  notify: z.boolean().default(false),
  status: z.enum(['pending', 'revoked']).default('pending'),
})

const waitlistEntry = z.strictObject({
  id: id.optional(),
  email_address: z.string(),
  notify: z.boolean().default(false),
  status: z.enum(['pending', 'invited', 'rejected']).default('pending'),
})

/** What a seed file can say. Everything is optional; unknown names are errors. */
export const seed = z.strictObject({
  $schema: z.string().optional(),
  instance: z
    .strictObject({
      test_mode: z.boolean().optional(),
      hibp: z.boolean().optional(),
      support_email: z.string().nullable().optional(),
      allowed_origins: z.array(z.string()).optional(),
      ...furtherSettings,
      rate_limits: z.strictObject({ enabled: z.boolean().optional(), people: z.boolean().optional() }).optional(),
      restrictions: z
        .strictObject({
          allowlist: z.boolean().optional(),
          blocklist: z.boolean().optional(),
          allowlist_blocklist_disabled_on_sign_in: z.boolean().optional(),
          block_email_subaddresses: z.boolean().optional(),
          block_disposable_email_domains: z.boolean().optional(),
          ignore_dots_for_gmail_addresses: z.boolean().optional(),
        })
        .optional(),
      organization_settings: z
        .strictObject({
          enabled: z.boolean().optional(),
          max_allowed_memberships: z.int().min(0).optional(),
          max_allowed_roles: z.int().min(2).optional(),
          max_role_sets_allowed: z.int().min(1).optional(),
          max_allowed_domains: z.int().min(1).optional(),
          admin_delete_enabled: z.boolean().optional(),
          domains_enabled: z.boolean().optional(),
          slug_disabled: z.boolean().optional(),
          domains_enrollment_modes: z.array(z.enum(['automatic_invitation', 'automatic_suggestion'])).optional(),
          creation_limit: z.int().min(0).optional(),
          exclusive_membership: z.boolean().optional(),
          personal_accounts_enabled: z.boolean().optional(),
        })
        .optional(),
    })
    .optional(),
  jwt_templates: z.array(jwtTemplate).optional(),
  organization_permissions: z.array(organizationPermission).optional(),
  organization_roles: z.array(organizationRole).optional(),
  role_sets: z.array(roleSet).optional(),
  allowlist_identifiers: z.array(listIdentifier).optional(),
  blocklist_identifiers: z.array(listIdentifier).optional(),
  redirect_urls: z.array(redirectUrl).optional(),
  satellite_domains: z.array(satellite).optional(),
  oauth_applications: z.array(oauthApplication).optional(),
  templates: z.array(template).optional(),
  webhook_endpoints: z.array(webhookEndpoint).optional(),
  users: z.array(user).optional(),
  organizations: z.array(organization).optional(),
  invitations: z.array(invitation).optional(),
  waitlist_entries: z.array(waitlistEntry).optional(),
  machines: z.array(machine).optional(),
  api_keys: z.array(apiKey).optional(),
})

export type Seed = Camelized<z.output<typeof seed>>
export type SeedOrganization = NonNullable<Seed['organizations']>[number]
export type SeedInvitation = NonNullable<Seed['invitations']>[number]
export type SeedWaitlistEntry = NonNullable<Seed['waitlistEntries']>[number]
export type SeedUser = NonNullable<Seed['users']>[number]
