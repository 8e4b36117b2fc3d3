import type { PhoneChannel } from './attributes.js'

/** How sign-ins and sessions go on together. */
export interface AuthSettings {
  /** A browser holds one session at a time. */
  singleSessionMode: boolean
  /** What is sensitive asks for a factor again, unless one was checked in the last ten minutes. */
  reverification: boolean
  /** A password alone does not do in a browser in which its user has not signed in before. */
  clientTrust: boolean
  /** How a first code is sent unless somebody chooses, by the country of the number, such as `BR`. */
  preferredChannels: Record<string, PhoneChannel>
}

export const defaultAuth: AuthSettings = {
  singleSessionMode: true,
  reverification: true,
  clientTrust: false,
  preferredChannels: {},
}

export interface SignInSettings {
  /** Every user must have a second factor. */
  secondFactorRequired: boolean
}

export const defaultSignIn: SignInSettings = { secondFactorRequired: false }

export interface AttackProtectionSettings {
  /** Nobody learns from an answer whether an identifier is a user's. */
  enumerationProtection: boolean
  /** A link in a mail works only in the browser that asked for it. */
  emailLinkRequireSameClient: boolean
}

export const defaultAttackProtection = (environmentType: 'development' | 'production'): AttackProtectionSettings => ({
  enumerationProtection: false,
  emailLinkRequireSameClient: environmentType === 'production',
})
