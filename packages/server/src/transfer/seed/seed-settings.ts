import { z } from 'zod'
import { PHONE_CHANNELS, SERVED_STRATEGIES, type AttributeName } from '../../instances/settings/attributes.js'
import type { Caller } from '../../kernel/caller.js'
import type { Camelized } from '../../kernel/wire.js'
import type { InstanceSettingsService } from '../../resources/instance-settings/instance-settings.service.js'

const flag = z.boolean().optional()
const channel = z.enum(PHONE_CHANNELS)
const strategies = (served: readonly string[] = []) =>
  (served.length === 0 ? z.array(z.string()).max(0) : z.array(z.enum(served)).max(served.length)).optional()
const attribute = (name: AttributeName) => {
  const { firstFactors, secondFactors, verifications } = SERVED_STRATEGIES[name] ?? {}
  return z
    .strictObject({
      enabled: z.boolean().default(true),
      required: z.boolean().default(false),
      used_for_first_factor: flag,
      first_factors: strategies(firstFactors),
      used_for_second_factor: flag,
      second_factors: strategies(secondFactors),
      verifications: strategies(verifications),
      verify_at_sign_up: flag,
      immutable: flag,
      channels: z.array(channel).min(1).optional(),
    })
    .optional()
}
const page = z.url({ protocol: /^https?$/ }).optional()
/** As `#rrggbb`. */
const color = z
  .string()
  .regex(/^#[0-9a-fA-F]{6}$/)
  .optional()
const length = z.int().min(1).max(256).optional()
/** From a minute to ten years. */
const seconds = z
  .int()
  .min(60)
  .max(10 * 365 * 24 * 60 * 60)

/** Settings of an instance that no operation sets, or that have an operation of their own. */
export const furtherSettings = {
  sign_up: z
    .strictObject({
      mode: z.enum(['public', 'restricted', 'waitlist']).optional(),
      legal_consent_enabled: flag,
      mfa_required: flag,
    })
    .optional(),
  sign_in: z.strictObject({ second_factor_required: flag }).optional(),
  auth: z
    .strictObject({
      single_session_mode: flag,
      reverification: flag,
      client_trust: flag,
      /** By country, such as `BR`. */
      preferred_channels: z.record(z.string().regex(/^[A-Z]{2}$/), channel).optional(),
    })
    .optional(),
  actions: z.strictObject({ delete_self: flag }).optional(),
  attack_protection: z.strictObject({ enumeration_protection: flag, email_link_require_same_client: flag }).optional(),
  /** Where the pages of the application are, and the colours of hosted pages and mail. */
  display: z
    .strictObject({
      home_url: page,
      sign_in_url: page,
      sign_up_url: page,
      user_profile_url: page,
      waitlist_url: page,
      organization_profile_url: page,
      create_organization_url: page,
      after_sign_in_url: page,
      after_sign_up_url: page,
      after_sign_out_url: page,
      logo_url: page,
      help_url: page,
      privacy_policy_url: page,
      terms_url: page,
      primary_color: color,
      background_color: color,
      show_devmode_warning: flag,
    })
    .optional(),
  /** What users can and must have, and what they sign in with. */
  attributes: z
    .strictObject({
      email_address: attribute('email_address'),
      phone_number: attribute('phone_number'),
      username: attribute('username'),
      web3_wallet: attribute('web3_wallet'),
      first_name: attribute('first_name'),
      last_name: attribute('last_name'),
      password: attribute('password'),
      authenticator_app: attribute('authenticator_app'),
      ticket: attribute('ticket'),
      backup_code: attribute('backup_code'),
      passkey: attribute('passkey'),
    })
    .optional(),
  username: z
    .strictObject({ min_length: length, max_length: length, allow_numeric: flag, allow_extended_characters: flag })
    .optional(),
  password: z
    .strictObject({
      enabled: flag,
      required: flag,
      min_length: length,
      max_length: length,
      require_lowercase: flag,
      require_uppercase: flag,
      require_number: flag,
      require_special_character: flag,
    })
    .optional(),
  /** Of users whose password or code is guessed at. */
  lockout: z
    .strictObject({
      enabled: flag,
      max_attempts: z.int().min(1).max(100).optional(),
      /** Null: until somebody unlocks the user. */
      duration_seconds: seconds.nullable().optional(),
    })
    .optional(),
  passkey: z
    .strictObject({
      allow_autofill: flag,
      show_sign_in_button: flag,
      satisfies_second_factor: flag,
      relying_party: z.enum(['application', 'auth_host']).optional(),
    })
    .optional(),
  session: z
    .strictObject({
      lifetime_seconds: seconds.optional(),
      inactivity_seconds: seconds.optional(),
      claims_version: z.literal([1, 2]).optional(),
    })
    .optional(),
  api_keys: z.strictObject({ enabled: flag, secrets_readable: flag }).optional(),
  communication: z
    .strictObject({
      blocked_country_codes: z.array(z.string()).max(250).optional(),
      /** The language of messages to people of whom none is known: BCP 47. */
      default_locale: z.string().max(35).optional(),
    })
    .optional(),
  protect: z.strictObject({ rules_enabled: flag, specter_enabled: flag, checks_bypassed: flag }).optional(),
  oauth_application_settings: z
    .strictObject({
      dynamic_oauth_client_registration: flag,
      custom_scopes: z.array(z.string()).max(150).optional(),
      default_scopes: z.array(z.string()).nullable().optional(),
      oauth_jwt_access_tokens: flag,
      client_id_metadata_documents_advertised: flag,
      client_id_metadata_documents_only_allow_pre_registered_clients: flag,
      client_id_metadata_documents_block_implicitly_allowed_clients: flag,
    })
    .optional(),
}

const further = z.object(furtherSettings)

/** Those that `InstanceSettingsService.update` does not take. */
type Further = Pick<Camelized<z.output<typeof further>>, 'communication' | 'protect' | 'oauthApplicationSettings'>

export async function applyFurtherSettings(
  { communication, protect, oauthApplicationSettings }: Further,
  instanceSettings: InstanceSettingsService,
  caller: Caller,
): Promise<void> {
  if (communication) await instanceSettings.updateCommunication(communication, caller)
  if (protect) await instanceSettings.updateProtect(protect, caller)
  if (oauthApplicationSettings) await instanceSettings.updateOAuthApplications(oauthApplicationSettings, caller)
}
