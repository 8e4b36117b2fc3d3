/** The published components that a hosted page can show. */
export type HostedComponent =
  | 'SignIn'
  | 'SignUp'
  | 'UserProfile'
  | 'OrganizationProfile'
  | 'CreateOrganization'
  | 'Waitlist'
  | 'PopupCallback'

interface HostedPage {
  component: HostedComponent
  title: string
}

/** By path. The components have steps below it, such as `/sign-in/factor-one`. */
export const hostedPages: Readonly<Record<string, HostedPage>> = {
  '/sign-in': { component: 'SignIn', title: 'Sign in' },
  '/sign-up': { component: 'SignUp', title: 'Sign up' },
  '/user': { component: 'UserProfile', title: 'Your account' },
  '/organization': { component: 'OrganizationProfile', title: 'Your organization' },
  '/create-organization': { component: 'CreateOrganization', title: 'New organization' },
  '/waitlist': { component: 'Waitlist', title: 'Join the waitlist' },
  '/popup-callback': { component: 'PopupCallback', title: 'Signing in' },
}
