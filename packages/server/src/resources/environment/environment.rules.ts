import type { Instance } from '../../instances/instance.js'
import { attribute, ATTRIBUTE_NAMES, type Attribute, type AttributeName } from '../../instances/settings/attributes.js'
import { buttonColorOf, type DisplaySettings } from '../../instances/settings/display.js'
import type { InstanceSettings } from '../../instances/settings/settings.js'

/** Where the pages of the instance's application are. */
export interface Pages {
  /** Of the application, without a slash at the end. */
  homeUrl: string
  /** Of the pages that this server hosts. */
  hostedUrl: string
}

/** Ids of settings go with their instance's. */
function idOf(instance: Instance, prefix: string): string {
  return `${prefix}_${instance.id.slice(instance.id.indexOf('_') + 1)}`
}

export function authConfig(instance: Instance) {
  const { settings, environmentType } = instance
  const mirror = (name: AttributeName) => {
    const { enabled, required } = attribute(settings, name)
    return required ? 'required' : enabled ? 'on' : 'off'
  }
  const enabled = ATTRIBUTE_NAMES.map((name) => [name, attribute(settings, name)] as const).filter(
    ([, { enabled: isEnabled }]) => isEnabled,
  )
  const password = attribute(settings, 'password').enabled
  const firstFactors = enabled.flatMap(([, { usedForFirstFactor, firstFactors: of }]) => (usedForFirstFactor ? of : []))
  const required = enabled.filter(([name, { required: is }]) => is && isIdentifier(name)).map(([name]) => name)
  const isDevelopment = environmentType === 'development'
  return {
    object: 'auth_config',
    id: idOf(instance, 'aac'),
    first_name: mirror('first_name'),
    last_name: mirror('last_name'),
    email_address: mirror('email_address'),
    phone_number: mirror('phone_number'),
    username: mirror('username'),
    password: mirror('password'),
    identification_requirements: required.length > 0 ? [required, []] : [],
    identification_strategies: enabled
      .filter(([name, { usedForFirstFactor }]) => isIdentifier(name) && usedForFirstFactor)
      .map(([name]) => name),
    first_factors: [...(password ? ['password'] : []), ...firstFactors],
    second_factors: secondFactorsOf(settings),
    email_address_verification_strategies: attribute(settings, 'email_address').verifications,
    single_session_mode: settings.auth.singleSessionMode,
    enhanced_email_deliverability: settings.enhancedEmailDeliverability,
    test_mode: settings.testMode,
    cookieless_dev: isDevelopment,
    url_based_session_syncing: isDevelopment && settings.urlBasedSessionSyncing,
    claimed_at: null,
    reverification: settings.auth.reverification,
    preferred_channels: orNull(settings.auth.preferredChannels),
    session_minter: false,
    native_settings: {
      object: 'native_settings',
      api_enabled: false,
      trusted_device_sign_in_enabled: false,
      trusted_device_enrollment_prompt_after_sign_in_enabled: false,
      trusted_device_enrollment_prompt_after_sign_up_enabled: false,
    },
  }
}

function secondFactorsOf(settings: InstanceSettings): string[] {
  return ATTRIBUTE_NAMES.map((name) => attribute(settings, name)).flatMap((one) =>
    one.enabled && one.usedForSecondFactor ? one.secondFactors : [],
  )
}

/** Packages ask first whether there are any. */
function orNull<Value>(values: Record<string, Value>): Record<string, Value> | null {
  return Object.keys(values).length === 0 ? null : values
}

function isIdentifier(name: AttributeName): boolean {
  return name === 'email_address' || name === 'phone_number' || name === 'username' || name === 'web3_wallet'
}

/** The application's home page. @param origin of the page that asks: in development the application is where it is */
export function homeUrlOf(
  { environmentType, frontendHost, settings }: Instance,
  { origin, hostedUrl }: { origin?: string | undefined; hostedUrl: string },
): string {
  if (environmentType === 'production') return `https://${frontendHost.replace(/^clerk\./, '')}`
  return origin ?? settings.developmentOrigin ?? hostedUrl
}

export function displayConfig(instance: Instance, { homeUrl, hostedUrl }: Pages) {
  const { settings, environmentType, name } = instance
  const { display, supportEmail, clerkJsVersion, preferredSignInStrategyWhenPasswordRequired: preferred } = settings
  const after = display.homeUrl ?? homeUrl
  const signIn = display.signInUrl ?? `${hostedUrl}/sign-in`
  return {
    object: 'display_config',
    id: idOf(instance, 'display_config'),
    instance_environment_type: environmentType,
    application_name: name,
    theme: themeOf(display),
    preferred_sign_in_strategy: preferred ?? (attribute(settings, 'password').enabled ? 'password' : 'otp'),
    logo_image_url: display.logoUrl,
    favicon_image_url: null,
    home_url: after,
    sign_in_url: signIn,
    sign_up_url: display.signUpUrl ?? `${hostedUrl}/sign-up`,
    user_profile_url: display.userProfileUrl ?? `${hostedUrl}/user`,
    waitlist_url: display.waitlistUrl ?? `${hostedUrl}/waitlist`,
    oauth_consent_url: `${hostedUrl}/oauth-consent`,
    organization_profile_url: display.organizationProfileUrl ?? `${hostedUrl}/organization`,
    create_organization_url: display.createOrganizationUrl ?? `${hostedUrl}/create-organization`,
    after_sign_in_url: display.afterSignInUrl ?? after,
    after_sign_up_url: display.afterSignUpUrl ?? after,
    // The step of SignIn where those who are left choose one of them, as clerk-js finds it in a page that it was told of.
    after_sign_out_one_url: display.afterSignOutUrl ?? `${signIn}#/choose`,
    after_sign_out_all_url: display.afterSignOutUrl ?? after,
    after_switch_session_url: after,
    after_join_waitlist_url: after,
    after_leave_organization_url: after,
    after_create_organization_url: after,
    logo_link_url: after,
    support_email: supportEmail,
    branded: false,
    experimental_force_oauth_first: false,
    clerk_js_version: clerkJsVersion,
    show_devmode_warning: environmentType === 'development' && display.showDevmodeWarning,
    google_one_tap_client_id: null,
    help_url: display.helpUrl,
    privacy_policy_url: display.privacyPolicyUrl,
    terms_url: display.termsUrl,
    logo_url: display.logoUrl,
    favicon_url: null,
    logo_image: null,
    favicon_image: null,
    captcha_public_key: null,
    captcha_widget_type: null,
    captcha_public_key_invisible: null,
    captcha_provider: null,
    captcha_oauth_bypass: [],
    captcha_heartbeat: false,
    captcha_heartbeat_interval_ms: null,
  }
}

/** The browser packages hand it on; the colours of their components come from the application's code. */
function themeOf({ primaryColor, backgroundColor }: DisplaySettings) {
  const button = buttonColorOf(primaryColor)
  const font_family = 'sans-serif'
  return {
    buttons: { font_color: button.text, font_family, font_weight: '600' },
    general: {
      color: button.color,
      padding: '1em',
      box_shadow: '0 2px 8px rgba(0,0,0,.2)',
      font_color: '#1F2328',
      font_family,
      border_radius: '0.5em',
      background_color: '#FFFFFF',
      label_font_weight: '600',
    },
    accounts: { background_color: backgroundColor ?? '#F4F5F7' },
  }
}

/** The pages that this server hosts, for packages that open them. */
export function toAccountPortalJSON(
  display: ReturnType<typeof displayConfig>,
  { primaryColor, backgroundColor }: DisplaySettings,
) {
  return {
    object: 'account_portal' as const,
    allowed: true,
    enabled: true,
    internal_linking: true,
    after_sign_in_url: display.after_sign_in_url,
    after_sign_up_url: display.after_sign_up_url,
    after_join_waitlist_url: display.after_join_waitlist_url,
    after_create_organization_url: display.after_create_organization_url,
    after_leave_organization_url: display.after_leave_organization_url,
    logo_link_url: display.logo_link_url,
    customization: {
      appearance: 'auto' as const,
      background_color_dark: backgroundColor,
      background_color_light: backgroundColor,
      primary_color_dark: primaryColor,
      primary_color_light: primaryColor,
    },
  }
}

export function userSettings(settings: InstanceSettings) {
  const {
    restrictions,
    password,
    username,
    lockout,
    passkey,
    actions,
    attackProtection,
    signUp,
    signIn,
    organizations,
  } = settings
  return {
    attributes: Object.fromEntries(ATTRIBUTE_NAMES.map((name) => [name, toAttributeJSON(attribute(settings, name))])),
    // A strategy that is not served is not offered.
    social: {},
    saml: { enabled: false },
    enterprise_sso: { enabled: false, self_serve_sso: false },
    sign_in: {
      second_factor: { enabled: secondFactorsOf(settings).length > 0, required: signIn.secondFactorRequired },
    },
    sign_up: {
      captcha_enabled: false,
      captcha_widget_type: 'smart',
      custom_action_required: false,
      progressive: settings.progressiveSignUp,
      mode: signUp.mode,
      legal_consent_enabled: signUp.legalConsentEnabled,
      mfa: { required: signUp.mfaRequired },
      allowlist_only: restrictions.allowlist,
    },
    restrictions: {
      allowlist: { enabled: restrictions.allowlist },
      blocklist: { enabled: restrictions.blocklist },
      allowlist_blocklist_disabled_on_sign_in: { enabled: restrictions.allowlistBlocklistDisabledOnSignIn },
      block_email_subaddresses: { enabled: restrictions.blockEmailSubaddresses },
      block_disposable_email_domains: { enabled: restrictions.blockDisposableEmailDomains },
    },
    password_settings: {
      disable_hibp: !settings.hibp,
      disable_password_reverification: false,
      min_length: password.minLength,
      max_length: password.maxLength,
      require_special_char: password.requireSpecialCharacter,
      require_numbers: password.requireNumber,
      require_uppercase: password.requireUppercase,
      require_lowercase: password.requireLowercase,
      show_zxcvbn: false,
      min_zxcvbn_strength: 0,
      enforce_hibp_on_sign_in: false,
      allowed_special_characters: '',
    },
    username_settings: {
      min_length: username.minLength,
      max_length: username.maxLength,
      allow_extended_special_characters: username.allowExtendedCharacters,
      allow_numeric_usernames: username.allowNumeric,
    },
    actions: {
      delete_self: actions.deleteSelf,
      create_organization: organizations.enabled,
      create_organizations_limit: organizations.creationLimit || null,
    },
    attack_protection: {
      user_lockout: {
        enabled: lockout.enabled,
        max_attempts: lockout.maxAttempts,
        duration_in_minutes: lockout.durationSeconds === null ? 0 : Math.ceil(lockout.durationSeconds / 60),
      },
      pii: { enabled: true },
      email_link: { require_same_client: attackProtection.emailLinkRequireSameClient },
      enumeration_protection: { enabled: attackProtection.enumerationProtection },
    },
    passkey_settings: {
      allow_autofill: passkey.allowAutofill,
      show_sign_in_button: passkey.showSignInButton,
      satisfies_second_factor: passkey.satisfiesSecondFactor,
    },
  }
}

function toAttributeJSON(of: Attribute) {
  return {
    enabled: of.enabled,
    required: of.required,
    used_for_first_factor: of.usedForFirstFactor,
    first_factors: of.firstFactors,
    used_for_second_factor: of.usedForSecondFactor,
    second_factors: of.secondFactors,
    verifications: of.verifications,
    verify_at_sign_up: of.verifyAtSignUp,
    immutable: of.immutable,
    channels: of.channels,
  }
}

/** @param roles keys of the roles that creators and new members of organizations get */
export function organizationSettings(
  { organizations }: InstanceSettings,
  roles: { creatorRole: string; defaultRole: string },
) {
  return {
    enabled: organizations.enabled,
    max_allowed_memberships: organizations.maxAllowedMemberships,
    actions: { admin_delete: organizations.adminDeleteEnabled },
    domains: {
      enabled: organizations.domainsEnabled,
      enrollment_modes: organizations.domainsEnrollmentModes,
      default_role: roles.defaultRole,
    },
    slug: { disabled: organizations.slugDisabled },
    creator_role: roles.creatorRole,
    force_organization_selection: organizations.enabled && !organizations.personalAccountsEnabled,
    organization_creation_defaults: { enabled: false },
  }
}
