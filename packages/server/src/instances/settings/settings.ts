import { defaultActions, type ActionSettings } from './actions.js'
import { defaultAttributes, type AttributeSettings } from './attributes.js'
import {
  defaultAttackProtection,
  defaultAuth,
  defaultSignIn,
  type AttackProtectionSettings,
  type AuthSettings,
  type SignInSettings,
} from './auth.js'
import { defaultApiKeys, type ApiKeySettings } from './api-keys.js'
import { defaultCommunication, type CommunicationSettings } from './communication.js'
import { defaultDisplay, type DisplaySettings } from './display.js'
import {
  defaultLockout,
  defaultPasskey,
  defaultPassword,
  type LockoutSettings,
  type PasskeySettings,
  type PasswordSettings,
} from './factors.js'
import { defaultIdentifiers, defaultUsername, type IdentifierSettings, type UsernameSettings } from './identifiers.js'
import { defaultOAuthApplications, type OAuthApplicationSettings } from './oauth-applications.js'
import { defaultOrganizations, type OrganizationSettings } from './organizations.js'
import { defaultProtect, type ProtectSettings } from './protect.js'
import { defaultRateLimits, type RateLimitSettings } from './rate-limits.js'
import { defaultRestrictions, type RestrictionSettings } from './restrictions.js'
import { defaultSignUp, type SignUpSettings } from './sign-up.js'
import { defaultSession, type SessionSettings } from './sessions.js'

/** The settings of an instance. Only the settings that somebody changed are stored; the rest have these defaults. */
export interface InstanceSettings {
  /** Test e-mail addresses and phone numbers take the code 424242 and nothing is sent to them. */
  testMode: boolean
  /** New passwords are checked against those known from breaches. */
  hibp: boolean
  /** The part of the sender's address before the `@`, in mail that names no other. */
  fromEmailName: string
  supportEmail: string | null
  clerkJsVersion: string | null
  developmentOrigin: string | null
  allowedOrigins: string[] | null
  urlBasedSessionSyncing: boolean
  preferredSignInStrategyWhenPasswordRequired: 'password' | 'otp' | null
  progressiveSignUp: boolean
  enhancedEmailDeliverability: boolean
  display: DisplaySettings
  attributes: AttributeSettings
  auth: AuthSettings
  signIn: SignInSettings
  attackProtection: AttackProtectionSettings
  signUp: SignUpSettings
  restrictions: RestrictionSettings
  actions: ActionSettings
  organizations: OrganizationSettings
  identifiers: IdentifierSettings
  username: UsernameSettings
  password: PasswordSettings
  lockout: LockoutSettings
  passkey: PasskeySettings
  session: SessionSettings
  rateLimits: RateLimitSettings
  communication: CommunicationSettings
  protect: ProtectSettings
  oauthApplications: OAuthApplicationSettings
  apiKeys: ApiKeySettings
}

export function defaultSettings(environmentType: 'development' | 'production'): InstanceSettings {
  return {
    testMode: environmentType === 'development',
    hibp: environmentType === 'production',
    fromEmailName: 'notifications',
    supportEmail: null,
    clerkJsVersion: null,
    developmentOrigin: null,
    allowedOrigins: null,
    urlBasedSessionSyncing: true,
    preferredSignInStrategyWhenPasswordRequired: null,
    progressiveSignUp: true,
    enhancedEmailDeliverability: false,
    display: defaultDisplay,
    attributes: defaultAttributes,
    auth: defaultAuth,
    signIn: defaultSignIn,
    attackProtection: defaultAttackProtection(environmentType),
    signUp: defaultSignUp,
    restrictions: defaultRestrictions,
    actions: defaultActions,
    organizations: defaultOrganizations,
    identifiers: defaultIdentifiers,
    username: defaultUsername,
    password: defaultPassword,
    lockout: defaultLockout,
    passkey: defaultPasskey,
    session: defaultSession,
    rateLimits: defaultRateLimits(environmentType),
    communication: defaultCommunication,
    protect: defaultProtect,
    oauthApplications: defaultOAuthApplications,
    apiKeys: defaultApiKeys,
  }
}

/** Settings that may be given in part: each group is merged into its defaults. */
export type SettingsChange = {
  [K in keyof InstanceSettings]?: InstanceSettings[K] extends unknown[] | null
    ? InstanceSettings[K]
    : InstanceSettings[K] extends object
      ? Partial<InstanceSettings[K]>
      : InstanceSettings[K]
}

/** The stored settings, or all settings, with a change merged into them. */
export function mergeSettings<Settings extends SettingsChange>(settings: Settings, change: SettingsChange): Settings {
  const merged = { ...settings } as Record<string, unknown>
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) continue
    merged[name] = isGroup(value) ? { ...(merged[name] as object), ...withoutUndefined(value) } : value
  }
  return merged as Settings
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined))
}
