/**
 * Who may sign up: anybody; those with an invitation or another ticket; or those, while everybody else can only join
 * the waitlist.
 */
export type SignUpMode = 'public' | 'restricted' | 'waitlist'

export interface SignUpSettings {
  mode: SignUpMode
  /** Nobody signs up who does not accept the terms. */
  legalConsentEnabled: boolean
  /** Everybody sets up a second factor after signing up or in. */
  mfaRequired: boolean
}

export const defaultSignUp: SignUpSettings = {
  mode: 'public',
  legalConsentEnabled: false,
  mfaRequired: false,
}
