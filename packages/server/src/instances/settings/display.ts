/** Where the pages of an application are, and how it is named. Null: the hosted page, or for `home` the application's own. */
export interface DisplaySettings {
  homeUrl: string | null
  signInUrl: string | null
  signUpUrl: string | null
  userProfileUrl: string | null
  waitlistUrl: string | null
  organizationProfileUrl: string | null
  createOrganizationUrl: string | null
  afterSignInUrl: string | null
  afterSignUpUrl: string | null
  afterSignOutUrl: string | null
  logoUrl: string | null
  helpUrl: string | null
  privacyPolicyUrl: string | null
  termsUrl: string | null
  showDevmodeWarning: boolean
}

export const defaultDisplay: DisplaySettings = {
  homeUrl: null,
  signInUrl: null,
  signUpUrl: null,
  userProfileUrl: null,
  waitlistUrl: null,
  organizationProfileUrl: null,
  createOrganizationUrl: null,
  afterSignInUrl: null,
  afterSignUpUrl: null,
  afterSignOutUrl: null,
  logoUrl: null,
  helpUrl: null,
  privacyPolicyUrl: null,
  termsUrl: null,
  showDevmodeWarning: true,
}
