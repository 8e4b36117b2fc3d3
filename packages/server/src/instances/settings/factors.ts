export interface PasswordSettings {
  enabled: boolean
  required: boolean
  minLength: number
  maxLength: number
  requireLowercase: boolean
  requireUppercase: boolean
  requireNumber: boolean
  requireSpecialCharacter: boolean
}

export const defaultPassword: PasswordSettings = {
  enabled: true,
  required: false,
  minLength: 8,
  maxLength: 72,
  requireLowercase: false,
  requireUppercase: false,
  requireNumber: false,
  requireSpecialCharacter: false,
}

export interface FactorSettings {
  enabled: boolean
}

export interface LockoutSettings {
  enabled: boolean
  /** Failed attempts until the user is locked. */
  maxAttempts: number
  /** Null: until somebody unlocks the user. */
  durationSeconds: number | null
}

export const defaultLockout: LockoutSettings = { enabled: true, maxAttempts: 10, durationSeconds: 60 * 60 }
