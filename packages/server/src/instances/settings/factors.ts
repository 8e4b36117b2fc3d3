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

export interface LockoutSettings {
  enabled: boolean
  /** Failed attempts until the user is locked. */
  maxAttempts: number
  /** Null: until somebody unlocks the user. */
  durationSeconds: number | null
}

export const defaultLockout: LockoutSettings = { enabled: true, maxAttempts: 10, durationSeconds: 60 * 60 }

export interface PasskeySettings {
  /** Browsers offer passkeys in the field of the identifier. */
  allowAutofill: boolean
  showSignInButton: boolean
  /** Nobody who signs in with a passkey is asked for a second factor: it is held, and unlocked by a face or a PIN. */
  satisfiesSecondFactor: boolean
  /**
   * What passkeys belong to: the domain of the application, or the host of the Frontend API, which names the origins that
   * may use them. A passkey that belongs to one of the two does not work for the other.
   */
  relyingParty: 'application' | 'auth_host'
}

export const defaultPasskey: PasskeySettings = {
  allowAutofill: true,
  showSignInButton: true,
  satisfiesSecondFactor: true,
  relyingParty: 'application',
}
