import type { PageColor, PageColors } from '@latchkey/types'
import { textOn } from '../../lib/colors.js'

/** Where the pages of an application are, and how hosted pages and mail look. Null: the hosted page, or what is usual. */
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
  /** Of buttons and links, `#rrggbb`. */
  primaryColor: string | null
  /** Of hosted pages, around their card, `#rrggbb`. */
  backgroundColor: string | null
  showDevmodeWarning: boolean
}

/** Of buttons where an application has no colour of its own: that of the components. */
const USUAL_PRIMARY_COLOR = '#2F3037'

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
  primaryColor: null,
  backgroundColor: null,
  showDevmodeWarning: true,
}

export function pageColorsOf({ primaryColor, backgroundColor }: DisplaySettings): PageColors {
  return {
    primary: primaryColor === null ? null : withText(primaryColor),
    background: backgroundColor === null ? null : withText(backgroundColor),
  }
}

/** @param primaryColor of the application, `#rrggbb`; null for the usual one */
export function buttonColorOf(primaryColor: string | null): PageColor {
  return withText(primaryColor ?? USUAL_PRIMARY_COLOR)
}

function withText(color: string): PageColor {
  return { color, text: textOn(color) }
}
