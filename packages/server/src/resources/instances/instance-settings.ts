/** What an instance is set to. Stored are only the settings that somebody changed; the rest has these defaults. */
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
  restrictions: {
    allowlist: boolean
    blocklist: boolean
    allowlistBlocklistDisabledOnSignIn: boolean
    blockEmailSubaddresses: boolean
    blockDisposableEmailDomains: boolean
    ignoreDotsForGmailAddresses: boolean
  }
  organizations: {
    enabled: boolean
    maxAllowedMemberships: number
    adminDeleteEnabled: boolean
    domainsEnabled: boolean
    slugDisabled: boolean
    domainsEnrollmentModes: ('manual_invitation' | 'automatic_invitation' | 'automatic_suggestion')[]
    creatorRole: string
    domainsDefaultRole: string
  }
  identifiers: Record<
    'emailAddress' | 'phoneNumber' | 'username' | 'web3Wallet',
    { enabled: boolean; required: boolean }
  >
  username: { minLength: number; maxLength: number }
  password: {
    enabled: boolean
    required: boolean
    minLength: number
    maxLength: number
    requireLowercase: boolean
    requireUppercase: boolean
    requireNumber: boolean
    requireSpecialCharacter: boolean
  }
  totp: { enabled: boolean }
  backupCode: { enabled: boolean }
  lockout: {
    enabled: boolean
    /** Failed attempts until the user is locked. */
    maxAttempts: number
    /** Null: until somebody unlocks the user. */
    durationSeconds: number | null
  }
  session: {
    lifetimeSeconds: number
    /** Without activity a session is abandoned after this. */
    inactivitySeconds: number
  }
}

const DAY = 24 * 60 * 60

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
    restrictions: {
      allowlist: false,
      blocklist: false,
      allowlistBlocklistDisabledOnSignIn: false,
      blockEmailSubaddresses: false,
      blockDisposableEmailDomains: false,
      ignoreDotsForGmailAddresses: false,
    },
    organizations: {
      enabled: false,
      maxAllowedMemberships: 5,
      adminDeleteEnabled: true,
      domainsEnabled: false,
      slugDisabled: false,
      domainsEnrollmentModes: [],
      creatorRole: 'org:admin',
      domainsDefaultRole: 'org:member',
    },
    identifiers: {
      emailAddress: { enabled: true, required: false },
      phoneNumber: { enabled: true, required: false },
      username: { enabled: true, required: false },
      web3Wallet: { enabled: true, required: false },
    },
    username: { minLength: 4, maxLength: 64 },
    password: {
      enabled: true,
      required: false,
      minLength: 8,
      maxLength: 72,
      requireLowercase: false,
      requireUppercase: false,
      requireNumber: false,
      requireSpecialCharacter: false,
    },
    totp: { enabled: true },
    backupCode: { enabled: true },
    lockout: { enabled: true, maxAttempts: 10, durationSeconds: 60 * 60 },
    session: { lifetimeSeconds: 7 * DAY, inactivitySeconds: 7 * DAY },
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

export function mergeSettings(settings: InstanceSettings, change: SettingsChange): InstanceSettings {
  const merged = { ...settings } as Record<string, unknown>
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) continue
    merged[name] = isGroup(value) ? { ...(merged[name] as object), ...withoutUndefined(value) } : value
  }
  return merged as unknown as InstanceSettings
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined))
}
