import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { callFrontend, openBrowser } from '../../browser.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { explainedIn, fieldsIn, followed, followedOperations, isPartOf, valueAt } from './environment.test-support.js'

const text = expect.any(String)
const flag = expect.any(Boolean)
const count = expect.any(Number)
const list = expect.any(Array)
const enabled = { enabled: flag }

const attribute = {
  enabled: flag,
  required: flag,
  used_for_first_factor: flag,
  first_factors: list,
  used_for_second_factor: flag,
  second_factors: list,
  verifications: list,
  verify_at_sign_up: flag,
  immutable: flag,
  channels: list,
}
const ATTRIBUTES = [
  'email_address',
  'phone_number',
  'username',
  'web3_wallet',
  'first_name',
  'last_name',
  'password',
  'authenticator_app',
  'ticket',
  'backup_code',
  'passkey',
]
const PAGES = [
  'home_url',
  'sign_in_url',
  'sign_up_url',
  'user_profile_url',
  'waitlist_url',
  'oauth_consent_url',
  'organization_profile_url',
  'create_organization_url',
  'logo_link_url',
  'after_sign_in_url',
  'after_sign_up_url',
  'after_sign_out_one_url',
  'after_sign_out_all_url',
  'after_switch_session_url',
  'after_join_waitlist_url',
  'after_leave_organization_url',
  'after_create_organization_url',
]

const DOCUMENT = new URL('../../../../../docs/frontend-api/environment.md', import.meta.url)

/** Every field, and what is in it: what has one value only is not offered, or has no setting. */
const everyField = {
  auth_config: {
    object: 'auth_config',
    id: text,
    first_name: 'on',
    last_name: 'on',
    email_address: 'required',
    phone_number: 'off',
    username: 'off',
    password: 'required',
    identification_requirements: list,
    identification_strategies: list,
    first_factors: list,
    second_factors: list,
    email_address_verification_strategies: list,
    single_session_mode: flag,
    enhanced_email_deliverability: flag,
    test_mode: flag,
    cookieless_dev: flag,
    url_based_session_syncing: flag,
    claimed_at: null,
    reverification: flag,
    preferred_channels: null,
    session_minter: false,
    native_settings: {
      object: 'native_settings',
      api_enabled: false,
      trusted_device_sign_in_enabled: false,
      trusted_device_enrollment_prompt_after_sign_in_enabled: false,
      trusted_device_enrollment_prompt_after_sign_up_enabled: false,
    },
  },
  display_config: {
    object: 'display_config',
    id: text,
    instance_environment_type: 'development',
    application_name: text,
    theme: { buttons: expect.any(Object), general: expect.any(Object), accounts: expect.any(Object) },
    preferred_sign_in_strategy: 'password',
    ...Object.fromEntries(PAGES.map((name) => [name, text])),
    ...Object.fromEntries(
      ['logo_image_url', 'favicon_image_url', 'logo_url', 'favicon_url', 'logo_image', 'favicon_image'].map((name) => [
        name,
        null,
      ]),
    ),
    support_email: null,
    help_url: null,
    privacy_policy_url: null,
    terms_url: null,
    branded: false,
    experimental_force_oauth_first: false,
    clerk_js_version: null,
    show_devmode_warning: flag,
    google_one_tap_client_id: null,
    captcha_public_key: null,
    captcha_widget_type: null,
    captcha_public_key_invisible: null,
    captcha_provider: null,
    captcha_oauth_bypass: [],
    captcha_heartbeat: false,
    captcha_heartbeat_interval_ms: null,
  },
  user_settings: {
    attributes: Object.fromEntries(ATTRIBUTES.map((name) => [name, attribute])),
    social: {},
    saml: { enabled: false },
    enterprise_sso: { enabled: false, self_serve_sso: false },
    sign_in: { second_factor: { enabled: flag, required: flag } },
    sign_up: {
      captcha_enabled: false,
      captcha_widget_type: 'smart',
      custom_action_required: false,
      progressive: flag,
      mode: 'public',
      legal_consent_enabled: flag,
      mfa: { required: flag },
      allowlist_only: flag,
    },
    restrictions: {
      allowlist: enabled,
      blocklist: enabled,
      allowlist_blocklist_disabled_on_sign_in: enabled,
      block_email_subaddresses: enabled,
      block_disposable_email_domains: enabled,
    },
    password_settings: {
      disable_hibp: flag,
      disable_password_reverification: false,
      min_length: count,
      max_length: count,
      require_special_char: flag,
      require_numbers: flag,
      require_uppercase: flag,
      require_lowercase: flag,
      show_zxcvbn: false,
      min_zxcvbn_strength: 0,
      enforce_hibp_on_sign_in: false,
      allowed_special_characters: '',
    },
    username_settings: {
      min_length: count,
      max_length: count,
      allow_extended_special_characters: flag,
      allow_numeric_usernames: flag,
    },
    actions: { delete_self: flag, create_organization: flag, create_organizations_limit: count },
    attack_protection: {
      user_lockout: { enabled: flag, max_attempts: count, duration_in_minutes: count },
      pii: { enabled: true },
      email_link: { require_same_client: flag },
      enumeration_protection: enabled,
    },
    passkey_settings: { allow_autofill: flag, show_sign_in_button: flag, satisfies_second_factor: flag },
  },
  organization_settings: {
    enabled: flag,
    max_allowed_memberships: count,
    actions: { admin_delete: flag },
    domains: { enabled: flag, enrollment_modes: list, default_role: text },
    slug: { disabled: flag },
    creator_role: text,
    force_organization_selection: flag,
    organization_creation_defaults: { enabled: false },
  },
  fraud_settings: { object: 'fraud_settings', native: { device_attestation_mode: 'disabled' } },
  commerce_settings: {
    billing: {
      stripe_publishable_key: null,
      free_trial_requires_payment_method: true,
      user: { enabled: false, has_paid_plans: false },
      organization: { enabled: false, has_paid_plans: false },
    },
  },
  api_keys_settings: { enabled: false, user_api_keys_enabled: false, orgs_api_keys_enabled: false },
  protect_config: { loaders: [] },
  client_debug_mode: false,
  partitioned_cookies: false,
  maintenance_mode: false,
}

describe.each(dialects)('the environment on %s', (dialect) => {
  const server = useTestServer(dialect)
  const environment = async () => (await callFrontend(server, 'GET /environment')).body
  const at = async (field: string) => valueAt(await environment(), field)
  const seed = (instance: object) => server.server.admin.seed(server.instance.id, { instance })

  it('has every field that clients read', async () => {
    expect(await environment()).toEqual(everyField)
  })

  it.each(followed)('follows %j in %s', async (setting, field, value) => {
    expect(await at(field)).not.toEqual(value)
    await seed(setting)
    expect(await at(field)).toEqual(value)
  })

  it.each(followedOperations)('follows PATCH %s %j in %s', async (path, body, field, value) => {
    expect(await at(field)).not.toEqual(value)
    await server.call('PATCH', path, body)
    expect(await at(field)).toEqual(value)
  })

  it('has only fields that follow a setting, or that the documentation explains', async () => {
    const all = await environment()
    const rows = explainedIn(readFileSync(DOCUMENT, 'utf8'))
    for (const { fields, always } of rows.filter((row) => row.always !== undefined)) {
      for (const field of fields) expect([field, valueAt(all, field)]).toEqual([field, JSON.parse(always!)])
    }
    const known = [
      ...rows.flatMap(({ fields }) => fields),
      ...followed.map(([, field]) => field),
      ...followedOperations.map(([, , field]) => field),
    ]
    const fields = fieldsIn(all).filter((field) => !/\.(object|id)$/.test(field))
    expect(fields.filter((field) => !known.some((other) => isPartOf(field, other)))).toEqual([])
    expect(known.filter((other) => !fields.some((field) => isPartOf(field, other)))).toEqual([])
  })

  it('offers no strategy that is not served, whatever is switched on', async () => {
    const all = { enabled: true, used_for_first_factor: true, used_for_second_factor: true }
    await seed({ attributes: Object.fromEntries(ATTRIBUTES.map((name) => [name, all])) })
    const { auth_config: auth, user_settings: settings } = await environment()
    expect(settings.attributes.web3_wallet).toMatchObject({ enabled: false, first_factors: [], verifications: [] })
    expect(auth.identification_strategies).toEqual(['email_address', 'phone_number', 'username'])
    const offered = ATTRIBUTES.flatMap((name) => {
      const { first_factors: first, second_factors: second, verifications } = settings.attributes[name]
      return [...first, ...second, ...verifications] as string[]
    })
    expect(new Set([...offered, ...auth.first_factors, ...auth.second_factors])).toEqual(
      new Set(['email_code', 'phone_code', 'totp', 'backup_code', 'ticket', 'passkey', 'password']),
    )
    for (const [name, strategies] of [
      ['email_address', { verifications: ['enterprise_sso'] }],
      ['email_address', { second_factors: ['email_code'] }],
      ['web3_wallet', { first_factors: ['web3_metamask_signature'] }],
      ['username', { first_factors: ['oauth_google'] }],
    ] as const) {
      await expect(seed({ attributes: { [name]: strategies } })).rejects.toMatchObject({ name: 'SeedError' })
    }
  })

  it('offers strategies that a sign-in and a sign-up take', async () => {
    await seed({
      sign_up: { mode: 'public' },
      attributes: {
        email_address: { first_factors: ['email_code', 'email_link'], verifications: ['email_code', 'email_link'] },
        phone_number: { enabled: true },
        passkey: { enabled: true },
      },
    })
    const { auth_config: auth, user_settings: settings } = await environment()
    const outcome = async (path: string, form: object) => {
      const browser = await openBrowser(server)
      const { body } = await browser.call(`POST ${path}`, { form: { ...form } })
      return body.errors?.[0].code as string | undefined
    }
    const identifiers = { email_address: 'ada@example.com', phone_number: '+12015550101' }
    await server.client.users.createUser({
      emailAddress: [identifiers.email_address],
      phoneNumber: [identifiers.phone_number],
      password: 'analytical engine',
    })
    const page = { redirect_url: 'http://localhost:3000/' }
    const signIn = (strategy: string) =>
      outcome('/client/sign_ins', {
        strategy,
        ...(strategy === 'passkey' || strategy === 'ticket'
          ? { ticket: 'x' }
          : { identifier: strategy === 'phone_code' ? identifiers.phone_number : identifiers.email_address }),
        ...(strategy === 'email_link' ? page : {}),
        password: 'analytical engine',
      })
    const strategies = auth.first_factors as string[]
    expect(await Promise.all(strategies.map(signIn))).toEqual(
      strategies.map((strategy) => (strategy === 'ticket' ? 'ticket_invalid_code' : undefined)),
    )
    expect(await signIn('oauth_google')).toBeTypeOf('string')

    for (const name of ['email_address', 'phone_number'] as const) {
      for (const strategy of settings.attributes[name].verifications as string[]) {
        const browser = await openBrowser(server)
        const given = name === 'email_address' ? 'eve@example.com' : '+12015550102'
        const { body } = await browser.call('POST /client/sign_ups', { form: { [name]: given } })
        const prepared = await browser.call(`POST /client/sign_ups/${body.response.id}/prepare_verification`, {
          form: { strategy, ...page },
        })
        expect([strategy, prepared.status]).toEqual([strategy, 200])
      }
    }
  })
})
