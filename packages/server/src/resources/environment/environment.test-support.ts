/** A part of a seed's `instance`, the field of the environment that follows it, and what is there then. */
export const followed: [setting: object, field: string, value: unknown][] = [
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
    { display: { after_sign_out_url: 'https://app.example.com/bye' } },
    'display_config.after_sign_out_all_url',
    'https://app.example.com/bye',
  ],
  [
    { display: { sign_in_url: 'https://app.example.com/sign-in' } },
    'display_config.after_sign_out_one_url',
    'https://app.example.com/sign-in#/choose',
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
  [{ username: { allow_numeric: true } }, 'user_settings.username_settings.allow_numeric_usernames', true],
  [
    { username: { allow_extended_characters: true } },
    'user_settings.username_settings.allow_extended_special_characters',
    true,
  ],
  [{ lockout: { enabled: false } }, 'user_settings.attack_protection.user_lockout.enabled', false],
  [{ lockout: { max_attempts: 5 } }, 'user_settings.attack_protection.user_lockout.max_attempts', 5],
  [{ lockout: { duration_seconds: 61 } }, 'user_settings.attack_protection.user_lockout.duration_in_minutes', 2],
  [{ lockout: { duration_seconds: null } }, 'user_settings.attack_protection.user_lockout.duration_in_minutes', 0],
  ...(['allow_autofill', 'show_sign_in_button', 'satisfies_second_factor'] as const).map(
    (name): [object, string, unknown] => [
      { passkey: { [name]: false } },
      `user_settings.passkey_settings.${name}`,
      false,
    ],
  ),
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
  [
    {
      attributes: Object.fromEntries(
        ['authenticator_app', 'backup_code', 'phone_number'].map((name) => [name, { enabled: false }]),
      ),
    },
    'user_settings.sign_in.second_factor.enabled',
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

/** An operation, what it is told, the field that follows it, and what is there then. */
export const followedOperations: [path: string, body: object, field: string, value: unknown][] = [
  ['/instance', { url_based_session_syncing: false }, 'auth_config.url_based_session_syncing', false],
  ['/instance', { enhanced_email_deliverability: true }, 'auth_config.enhanced_email_deliverability', true],
  ['/instance', { clerk_js_version: '5.128.0' }, 'display_config.clerk_js_version', '5.128.0'],
  [
    '/instance',
    { preferred_sign_in_strategy_when_password_required: 'otp' },
    'display_config.preferred_sign_in_strategy',
    'otp',
  ],
  ['/instance', { support_email: 'help@example.com' }, 'display_config.support_email', 'help@example.com'],
  ['/instance', { hibp: true }, 'user_settings.password_settings.disable_hibp', false],
  ['/instance/restrictions', { allowlist: true }, 'user_settings.sign_up.allowlist_only', true],
  ['/instance/restrictions', { blocklist: true }, 'user_settings.restrictions.blocklist.enabled', true],
  [
    '/instance/organization_settings',
    { max_allowed_memberships: 7 },
    'organization_settings.max_allowed_memberships',
    7,
  ],
  ['/beta_features/instance_settings', { progressive_sign_up: false }, 'user_settings.sign_up.progressive', false],
  ['/beta_features/instance_settings', { test_mode: false }, 'auth_config.test_mode', false],
]

/** The fields of the environment, such as `auth_config.test_mode`; a list counts as one, and so does what is empty. */
export function fieldsIn(value: unknown, path: string[] = []): string[] {
  const isPart = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
  if (!isPart) return [path.join('.')]
  return Object.entries(value).flatMap(([name, inner]) => fieldsIn(inner, [...path, name]))
}

export function valueAt(environment: object, field: string): unknown {
  return field.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], environment)
}

export const isPartOf = (field: string, other: string) => field === other || field.startsWith(`${other}.`)

/** Fields of the environment that a table of the documentation explains. */
interface Explained {
  fields: string[]
  /** What each of them always is, in JSON; undefined where they follow something. */
  always: string | undefined
}

/** The rows of `docs/frontend-api/environment.md`. */
export function explainedIn(document: string): Explained[] {
  const rows = document.split('\n').filter((line) => line.startsWith('| `'))
  return rows.map((row) => {
    const cells = row.slice(2, -2).split(' | ')
    const fields = [...cells[0]!.matchAll(/`([^`]+)`/g)].map(([, field]) => field!)
    return { fields, always: cells.length === 3 ? cells[1]!.slice(1, -1) : undefined }
  })
}
