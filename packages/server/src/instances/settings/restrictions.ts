/** Who may not sign up or in, and with which addresses. */
export interface RestrictionSettings {
  allowlist: boolean
  blocklist: boolean
  allowlistBlocklistDisabledOnSignIn: boolean
  blockEmailSubaddresses: boolean
  blockDisposableEmailDomains: boolean
  ignoreDotsForGmailAddresses: boolean
}

export const defaultRestrictions: RestrictionSettings = {
  allowlist: false,
  blocklist: false,
  allowlistBlocklistDisabledOnSignIn: false,
  blockEmailSubaddresses: false,
  blockDisposableEmailDomains: false,
  ignoreDotsForGmailAddresses: false,
}
