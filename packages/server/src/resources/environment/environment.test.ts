import { describe, expect, it } from 'vitest'
import { callFrontend, openBrowser } from '../../browser.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'

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
  },
  user_settings: {
    attributes: Object.fromEntries(ATTRIBUTES.map((name) => [name, attribute])),
    social: {},
    saml: { enabled: false },
    enterprise_sso: { enabled: false, self_serve_sso: false },
    sign_in: { second_factor: { required: flag } },
    sign_up: {
      captcha_enabled: false,
      captcha_widget_type: 'smart',
      custom_action_required: false,
      progressive: flag,
      mode: 'public',
      legal_consent_enabled: flag,
      mfa: { required: flag },
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
      allow_extended_special_characters: false,
      allow_numeric_usernames: false,
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

/** A part of a seed's `instance`, the field that follows it, and what is there then. */
const followed: [setting: object, field: string, value: unknown][] = [
  [{ test_mode: false }, 'auth_config.test_mode', false],
  [{ auth: { single_session_mode: false } }, 'auth_config.single_session_mode', false],
  [{ auth: { reverification: false } }, 'auth_config.reverification', false],
  [{ auth: { preferred_channels: { BR: 'whatsapp' } } }, 'auth_config.preferred_channels', { BR: 'whatsapp' }],
  [{ support_email: 'help@example.com' }, 'display_config.support_email', 'help@example.com'],
  ...(
    [
      'home_url',
      'sign_in_url',
      'sign_up_url',
      'user_profile_url',
      'waitlist_url',
      'organization_profile_url',
      'create_organization_url',
      'after_sign_in_url',
      'after_sign_up_url',
      'help_url',
      'privacy_policy_url',
      'terms_url',
    ] as const
  ).map((name): [object, string, unknown] => [
    { display: { [name]: `https://app.example.com/${name}` } },
    `display_config.${name}`,
    `https://app.example.com/${name}`,
  ]),
  [
    { display: { after_sign_out_url: 'https://app.example.com/bye' } },
    'display_config.after_sign_out_one_url',
    'https://app.example.com/bye',
  ],
  [
    { display: { logo_url: 'https://app.example.com/logo.svg' } },
    'display_config.logo_image_url',
    'https://app.example.com/logo.svg',
  ],
  [{ display: { show_devmode_warning: false } }, 'display_config.show_devmode_warning', false],
  [{ display: { primary_color: '#6c47ff' } }, 'display_config.theme.general.color', '#6c47ff'],
  [{ display: { background_color: '#f3f0ff' } }, 'display_config.theme.accounts.background_color', '#f3f0ff'],
  [{ sign_up: { mode: 'waitlist' } }, 'user_settings.sign_up.mode', 'waitlist'],
  [{ sign_up: { legal_consent_enabled: true } }, 'user_settings.sign_up.legal_consent_enabled', true],
  [{ sign_up: { mfa_required: true } }, 'user_settings.sign_up.mfa.required', true],
  [{ sign_in: { second_factor_required: true } }, 'user_settings.sign_in.second_factor.required', true],
  ...(
    [
      'allowlist',
      'blocklist',
      'allowlist_blocklist_disabled_on_sign_in',
      'block_email_subaddresses',
      'block_disposable_email_domains',
    ] as const
  ).map((name): [object, string, unknown] => [
    { restrictions: { [name]: true } },
    `user_settings.restrictions.${name}.enabled`,
    true,
  ]),
  [{ hibp: true }, 'user_settings.password_settings.disable_hibp', false],
  [{ password: { min_length: 12 } }, 'user_settings.password_settings.min_length', 12],
  [{ password: { max_length: 64 } }, 'user_settings.password_settings.max_length', 64],
  [{ password: { require_special_character: true } }, 'user_settings.password_settings.require_special_char', true],
  [{ password: { require_number: true } }, 'user_settings.password_settings.require_numbers', true],
  [{ password: { require_uppercase: true } }, 'user_settings.password_settings.require_uppercase', true],
  [{ password: { require_lowercase: true } }, 'user_settings.password_settings.require_lowercase', true],
  [{ password: { enabled: false } }, 'auth_config.password', 'off'],
  [{ actions: { delete_self: false } }, 'user_settings.actions.delete_self', false],
  [{ organization_settings: { enabled: true } }, 'user_settings.actions.create_organization', true],
  [{ username: { min_length: 5 } }, 'user_settings.username_settings.min_length', 5],
  [{ username: { max_length: 32 } }, 'user_settings.username_settings.max_length', 32],
  [{ lockout: { enabled: false } }, 'user_settings.attack_protection.user_lockout.enabled', false],
  [{ lockout: { max_attempts: 5 } }, 'user_settings.attack_protection.user_lockout.max_attempts', 5],
  [{ lockout: { duration_seconds: 61 } }, 'user_settings.attack_protection.user_lockout.duration_in_minutes', 2],
  [{ lockout: { duration_seconds: null } }, 'user_settings.attack_protection.user_lockout.duration_in_minutes', 0],
  [{ organization_settings: { creation_limit: 3 } }, 'user_settings.actions.create_organizations_limit', 3],
  [{ organization_settings: { creation_limit: 0 } }, 'user_settings.actions.create_organizations_limit', null],
  [{ organization_settings: { enabled: true } }, 'organization_settings.enabled', true],
  [{ organization_settings: { max_allowed_memberships: 7 } }, 'organization_settings.max_allowed_memberships', 7],
  [{ organization_settings: { admin_delete_enabled: false } }, 'organization_settings.actions.admin_delete', false],
  [{ organization_settings: { domains_enabled: true } }, 'organization_settings.domains.enabled', true],
  [
    { organization_settings: { domains_enrollment_modes: ['automatic_invitation'] } },
    'organization_settings.domains.enrollment_modes',
    ['automatic_invitation'],
  ],
  [{ organization_settings: { slug_disabled: true } }, 'organization_settings.slug.disabled', true],
  [
    { organization_settings: { enabled: true, personal_accounts_enabled: false } },
    'organization_settings.force_organization_selection',
    true,
  ],
  [
    { attack_protection: { enumeration_protection: true } },
    'user_settings.attack_protection.enumeration_protection.enabled',
    true,
  ],
  [
    { attack_protection: { email_link_require_same_client: true } },
    'user_settings.attack_protection.email_link.require_same_client',
    true,
  ],
  [{ attributes: { phone_number: { enabled: true } } }, 'auth_config.phone_number', 'on'],
  [{ attributes: { username: { required: true } } }, 'auth_config.username', 'required'],
  [{ attributes: { first_name: { immutable: true } } }, 'user_settings.attributes.first_name.immutable', true],
  [{ attributes: { passkey: { enabled: true } } }, 'user_settings.attributes.passkey.enabled', true],
  [
    { attributes: { authenticator_app: { enabled: false } } },
    'user_settings.attributes.authenticator_app.enabled',
    false,
  ],
  [{ attributes: { backup_code: { enabled: false } } }, 'user_settings.attributes.backup_code.enabled', false],
  [
    { attributes: { email_address: { verifications: ['email_link'] } } },
    'auth_config.email_address_verification_strategies',
    ['email_link'],
  ],
  [
    { attributes: { phone_number: { channels: ['sms', 'whatsapp'] } } },
    'user_settings.attributes.phone_number.channels',
    ['sms', 'whatsapp'],
  ],
]

describe.each(dialects)('the environment on %s', (dialect) => {
  const server = useTestServer(dialect)
  const environment = async () => (await callFrontend(server, 'GET /environment')).body
  const seed = (instance: object) => server.server.admin.seed(server.instance.id, { instance })

  it('has every field that clients read', async () => {
    expect(await environment()).toEqual(everyField)
  })

  it.each(followed)('follows %j in %s', async (setting, field, value) => {
    const read = async () =>
      field.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], await environment())
    expect(await read()).not.toEqual(value)
    await seed(setting)
    expect(await read()).toEqual(value)
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
