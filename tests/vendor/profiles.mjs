import { createHash } from 'node:crypto'

const attributes = {
  email_address: { required: true },
  password: { required: true },
  phone_number: {},
  username: {},
}

const base = {
  auth: { single_session_mode: false, reverification: false },
  attributes,
  organization_settings: { enabled: true, slug_disabled: false },
  // The host that one file takes for this machine.
  allowed_origins: ['http://lclclerk.com:8880'],
}

const permission = (key) => ({ key, name: key.replace('org:', '').replaceAll(/[:_]/g, ' ') })
const role = (key, permissions) => ({
  key,
  name: key.replace('org:', '').replaceAll('_', ' '),
  permissions,
  include_in_initial_role_set: true,
})

const posts = ['org:posts:delete', 'org:posts:manage', 'org:posts:read']

const FEATURES = [
  'org:billing:manage',
  'org:billing:read',
  'org:impersonation:manage',
  'org:impersonation:read',
  'org:magic_links:create',
  'org:magic_links:read',
]

/**
 * What the instance of each of the suite's key names has switched on: a seed, and the permissions that administrators
 * of organizations get besides those of the system. A name without a profile gets a new instance as it is.
 */
export const profiles = {
  // One file expects that somebody is there already.
  'with-email-codes': { seed: { instance: base, users: [{ email_addresses: ['resident@example.com'] }] } },
  'with-custom-roles': {
    seed: {
      // The suite asks that tokens of this one have no version, as those of an older application.
      instance: { ...base, session: { claims_version: 1 } },
      organization_permissions: posts.map(permission),
      organization_roles: [role('org:viewer', ['org:posts:read'])],
    },
    admin: posts,
  },
  'with-billing': {
    seed: {
      instance: base,
      organization_permissions: [...posts, ...FEATURES].map(permission),
      organization_roles: [
        role('org:viewer', ['org:posts:read']),
        role('org:manager', ['org:magic_links:read']),
        role('org:impersonation_reader', ['org:impersonation:read', 'org:magic_links:create']),
      ],
    },
    admin: [...posts, ...FEATURES],
  },
  'with-legal-consent': {
    seed: { instance: { ...base, sign_up: { legal_consent_enabled: true } } },
  },
  'with-session-tasks': {
    seed: {
      instance: {
        ...base,
        // Who signs up there has a session at once.
        attributes: { ...attributes, email_address: { required: true, verify_at_sign_up: false } },
        organization_settings: { ...base.organization_settings, personal_accounts_enabled: false },
      },
    },
  },
  'with-whatsapp-phone-code': {
    seed: {
      instance: {
        ...base,
        auth: { ...base.auth, preferred_channels: { US: 'whatsapp' } },
        attributes: {
          // Beside addresses, the component's field for the number takes nothing but an address.
          email_address: { enabled: false },
          password: {},
          phone_number: { required: true, channels: ['sms', 'whatsapp'] },
        },
      },
    },
  },
  'with-restricted-mode': { seed: { instance: { ...base, sign_up: { mode: 'restricted' } } } },
}

/** All key names that `presets/envs.ts` of the suite reads. */
const names = [
  'oauth-provider',
  'sessions-prod-1',
  'with-api-keys',
  'with-billing',
  'with-billing-staging',
  'with-custom-roles',
  'with-email-codes',
  'with-email-links',
  'with-enterprise-sso',
  'with-legal-consent',
  'with-needs-client-trust',
  'with-passkeys',
  'with-protect-service',
  'with-restricted-mode',
  'with-reverification',
  'with-session-tasks',
  'with-session-tasks-reset-password',
  'with-session-tasks-setup-mfa',
  'with-waitlist-mode',
  'with-whatsapp-phone-code',
]

/** @param {string} name */
export function hostOf(name) {
  return `${name}-1.clerk.accounts.dev`
}

/** @param {string} name */
function keysOf(name) {
  const secret = createHash('sha256').update(`vendor suite ${name}`).digest('base64url').replaceAll(/[-_]/g, 'x')
  return { pk: `pk_test_${Buffer.from(`${hostOf(name)}$`).toString('base64')}`, sk: `sk_test_${secret}` }
}

export const keys = Object.fromEntries(names.map((name) => [name, keysOf(name)]))
