/** One answer of each kind, every field set, for comparing translations. */
import type {
  ClientJSON,
  EmailAddressJSON,
  EmailJSON,
  EnterpriseAccountJSON,
  ExternalAccountJSON,
  InstanceJSON,
  InstanceRestrictionsJSON,
  JwksJSON,
  JwtTemplateJSON,
  OauthAccessTokenJSON,
  OrganizationInvitationJSON,
  OrganizationMembershipJSON,
  OrganizationSettingsJSON,
  PhoneNumberJSON,
  SessionJSON,
  SMSMessageJSON,
  TrustedDeviceJSON,
  UserJSON,
  VerificationJSON,
  Web3WalletJSON,
} from '@latchkey/types'

const created = { created_at: 1_700_000_000_000, updated_at: 1_700_000_000_001 }

export const verification: VerificationJSON = {
  object: 'verification_from_oauth',
  status: 'verified',
  strategy: 'from_oauth_google',
  attempts: 1,
  expire_at: 1_700_000_600_000,
  external_verification_redirect_url: 'https://accounts.example.com/authorize?state=1',
  nonce: 'nonce_1',
}

export const emailAddress: EmailAddressJSON = {
  object: 'email_address',
  id: 'idn_1',
  email_address: 'ada@example.com',
  reserved: false,
  verification,
  linked_to: [{ type: 'oauth_google', id: 'idn_9' }],
  matches_sso_connection: false,
  ...created,
}

export const phoneNumber: PhoneNumberJSON = {
  object: 'phone_number',
  id: 'idn_2',
  phone_number: '+12015550100',
  reserved_for_second_factor: true,
  default_second_factor: false,
  reserved: false,
  verification: null,
  linked_to: [],
  backup_codes: null,
  ...created,
}

const web3Wallet: Web3WalletJSON = {
  object: 'web3_wallet',
  id: 'idn_3',
  web3_wallet: '0x0000000000000000000000000000000000000001',
  verification,
  ...created,
}

const externalAccount: ExternalAccountJSON = {
  object: 'external_account',
  id: 'eac_1',
  provider: 'oauth_google',
  identification_id: 'idn_9',
  provider_user_id: '12345',
  approved_scopes: 'email profile',
  email_address: 'ada@example.com',
  first_name: 'Ada',
  last_name: 'Lovelace',
  image_url: 'https://img.example.com/1',
  username: null,
  phone_number: null,
  public_metadata: { a_b: 1 },
  label: null,
  verification,
  ...created,
}

const enterpriseAccount: EnterpriseAccountJSON = {
  object: 'enterprise_account',
  id: 'ent_1',
  protocol: 'saml',
  provider: 'saml_okta',
  provider_user_id: 'okta_1',
  active: true,
  email_address: 'ada@corp.example',
  first_name: 'Ada',
  last_name: null,
  enterprise_connection_id: 'entconn_1',
  last_authenticated_at: 1_700_000_000_002,
  public_metadata: {},
  verification: null,
  enterprise_connection: {
    id: 'entconn_1',
    protocol: 'saml',
    provider: 'saml_okta',
    name: 'Corp',
    logo_public_url: null,
    domain: 'corp.example',
    active: true,
    sync_user_attributes: true,
    allow_subdomains: false,
    allow_idp_initiated: false,
    disable_additional_identifications: false,
    ...created,
  },
}

export const user: UserJSON & { timezone: string } = {
  object: 'user',
  id: 'user_1',
  external_id: 'ext_1',
  username: 'ada',
  first_name: 'Ada',
  last_name: 'Lovelace',
  locale: 'en-GB',
  timezone: 'Europe/London',
  image_url: 'https://img.example.com/ada',
  has_image: true,
  primary_email_address_id: 'idn_1',
  primary_phone_number_id: 'idn_2',
  primary_web3_wallet_id: 'idn_3',
  email_addresses: [emailAddress],
  phone_numbers: [phoneNumber],
  web3_wallets: [web3Wallet],
  passkeys: [],
  external_accounts: [externalAccount],
  saml_accounts: [],
  enterprise_accounts: [enterpriseAccount],
  organization_memberships: [],
  public_metadata: { plan_name: 'pro' },
  private_metadata: { stripeId: 'cus_1' },
  unsafe_metadata: {},
  password_enabled: true,
  password_last_updated_at: null,
  two_factor_enabled: true,
  totp_enabled: true,
  backup_code_enabled: false,
  mfa_enabled_at: null,
  mfa_disabled_at: null,
  banned: false,
  locked: true,
  deprovisioned: true,
  lockout_expires_in_seconds: null,
  verification_attempts_remaining: 100,
  create_organization_enabled: true,
  create_organizations_limit: 3,
  delete_self_enabled: false,
  last_active_at: 1_699_920_000_000,
  last_sign_in_at: 1_699_999_999_999,
  legal_accepted_at: null,
  ...created,
}

export const session: SessionJSON = {
  object: 'session',
  id: 'sess_1',
  user_id: 'user_1',
  client_id: 'client_1',
  status: 'active',
  actor: { sub: 'user_2' },
  last_active_organization_id: 'org_1',
  latest_activity: {
    object: 'session_activity',
    id: 'sact_1',
    device_type: 'Macintosh',
    is_mobile: false,
    browser_name: 'Firefox',
    browser_version: '130',
    ip_address: '192.0.2.1',
    city: 'Athens',
    country: 'GR',
  },
  last_active_at: 1_700_000_000_002,
  expire_at: 1_700_604_800_000,
  abandon_at: 1_702_592_000_000,
  ...created,
}

export const client: ClientJSON = {
  object: 'client',
  id: 'client_1',
  session_ids: ['sess_1'],
  sessions: [session],
  sign_in_id: null,
  sign_up_id: 'sua_1',
  last_active_session_id: 'sess_1',
  last_authentication_strategy: 'password',
  ...created,
}

export const jwtTemplate: JwtTemplateJSON = {
  object: 'jwt_template',
  id: 'jtmp_1',
  name: 'hasura',
  claims: { user_id: '{{user.id}}' },
  lifetime: 60,
  allowed_clock_skew: 5,
  custom_signing_key: false,
  signing_algorithm: 'RS256',
  ...created,
}

export const jwks: JwksJSON = { keys: [{ use: 'sig', kty: 'RSA', kid: 'ins_1', alg: 'RS256', n: 'AQAB', e: 'AQAB' }] }

export const instance: InstanceJSON = {
  object: 'instance',
  id: 'ins_1',
  environment_type: 'development',
  allowed_origins: ['chrome-extension://x'],
  workspace_id: null,
}

export const instanceRestrictions: InstanceRestrictionsJSON = {
  object: 'instance_restrictions',
  id: 'ins_1',
  allowlist: true,
  blocklist: false,
  allowlist_blocklist_disabled_on_sign_in: false,
  block_email_subaddresses: true,
  block_disposable_email_domains: false,
  ignore_dots_for_gmail_addresses: true,
}

export const organizationSettings: OrganizationSettingsJSON = {
  object: 'organization_settings',
  enabled: true,
  max_allowed_memberships: 5,
  max_allowed_roles: 10,
  max_allowed_domains: 10,
  max_allowed_permissions: 50,
  creator_role: 'org:admin',
  admin_delete_enabled: true,
  domains_enabled: false,
  slug_disabled: true,
  domains_enrollment_modes: ['automatic_invitation'],
  domains_default_role: 'org:member',
}

export const email: EmailJSON & { suppression_reason: string } = {
  object: 'email',
  id: 'ema_1',
  slug: null,
  from_email_name: 'support',
  to_email_address: 'ada@example.com',
  email_address_id: 'idn_1',
  user_id: 'user_1',
  subject: 'Hello',
  body: '<p>Hello</p>',
  body_plain: 'Hello',
  status: 'queued',
  data: { otp_code: '1' },
  delivered_by_clerk: true,
  suppression_reason: 'bounce',
}

export const smsMessage: SMSMessageJSON = {
  object: 'sms_message',
  id: 'sms_1',
  from_phone_number: '+12015550111',
  to_phone_number: '+12015550100',
  phone_number_id: 'idn_2',
  message: 'Hello',
  status: 'queued',
  data: null,
  delivered_by_clerk: true,
}

export const oauthAccessToken: OauthAccessTokenJSON = {
  object: 'oauth_access_token',
  external_account_id: 'eac_1',
  provider_user_id: '12345',
  token: 'ya29',
  provider: 'oauth_google',
  public_metadata: {},
  label: null,
  scopes: ['email'],
  id_token: 'eyJ',
  expires_at: null,
}

export const organizationMembership: OrganizationMembershipJSON = {
  object: 'organization_membership',
  id: 'orgmem_1',
  role: 'org:admin',
  permissions: ['org:sys_profile:manage'],
  public_metadata: { team: 'a' },
  private_metadata: {},
  organization: {
    object: 'organization',
    id: 'org_1',
    name: 'Analytical Engines',
    slug: 'engines',
    image_url: 'https://img.example.com/org',
    has_image: false,
    members_count: 2,
    max_allowed_memberships: 5,
    admin_delete_enabled: true,
    public_metadata: {},
    private_metadata: { a_b: 1 },
    created_by: 'user_1',
    ...created,
  },
  public_user_data: {
    user_id: 'user_1',
    identifier: 'ada@example.com',
    first_name: 'Ada',
    last_name: null,
    profile_image_url: null,
    image_url: 'https://img.example.com/ada',
    has_image: true,
  },
  ...created,
}

export const organizationInvitation: OrganizationInvitationJSON = {
  object: 'organization_invitation',
  id: 'orginv_1',
  email_address: 'grace@example.com',
  role: 'org:member',
  role_name: 'Member',
  organization_id: 'org_1',
  inviter_id: 'user_1',
  public_inviter_data: null,
  public_organization_data: { id: 'org_1', name: 'Analytical Engines', slug: 'engines', has_image: false },
  status: 'pending',
  public_metadata: {},
  private_metadata: {},
  url: 'https://example.com/invite',
  expires_at: 1_702_592_000_000,
  ...created,
}

export const trustedDevice: TrustedDeviceJSON = {
  object: 'trusted_device',
  id: 'tdev_1',
  platform: 'ios',
  app_identifier: 'com.example.app',
  name: null,
  algorithm: 'ES256',
  status: 'active',
  last_used_at: null,
  ...created,
}

export const deleted = (object: string, id: string) => ({ object, id, deleted: true })
export const page = (...data: object[]) => ({ data, total_count: data.length + 7 })
