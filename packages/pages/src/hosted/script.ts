import type { PageColor } from '@latchkey/types'
import type { HostedComponent } from './components.js'

export interface HostedPageData {
  component: HostedComponent
  /** The path of the page, below which the component keeps its steps. */
  path: string
  nonce: string
  urls: Record<'signIn' | 'signUp' | 'waitlist' | 'organization' | 'afterSignIn' | 'afterSignUp', string>
  redirectOrigins: readonly string[]
  pageOrigins: readonly string[]
  /** `#rrggbb`; null for that of the components. */
  primaryColor: PageColor | null
}

/** What this page uses of clerk-js. */
interface Clerk {
  load(options: object): Promise<void>
  status: string
  user: unknown
  organization: unknown
  client: { lastActiveSessionId: string | null } | undefined
  mountSignIn(element: Element, props: object): void
  mountSignUp(element: Element, props: object): void
  mountUserProfile(element: Element, props: object): void
  mountOrganizationProfile(element: Element, props: object): void
  mountOrganizationList(element: Element, props: object): void
  mountCreateOrganization(element: Element, props: object): void
  mountWaitlist(element: Element, props: object): void
}

/** Runs in the browser, so it uses nothing from outside itself. Loads clerk-js and puts the page's component on it. */
export function showHostedPage({
  component,
  path,
  nonce,
  urls,
  redirectOrigins,
  pageOrigins,
  primaryColor,
}: HostedPageData): void {
  const { Clerk: clerk, __internal_ClerkUICtor: ClerkUI } = window as unknown as {
    Clerk?: Clerk
    __internal_ClerkUICtor?: unknown
  }
  const place = document.getElementById('component')!
  const note = document.getElementById('note')!

  const say = (heading: string, text: string) => {
    note.hidden = false
    note.querySelector('h1')!.textContent = heading
    note.querySelector('p')!.textContent = text
  }

  /** As in clerk-js, `*` in an allowed origin stands for any characters. */
  const isAllowed = (origin: string) =>
    pageOrigins.some((allowed) => {
      const parts = allowed.split('*').map((part) => part.replace(/\W/g, '\\$&'))
      return new RegExp(`^${parts.join('.*')}$`).test(origin)
    })

  /**
   * Where the window that opened this one may be from: its origin cannot be read. Those of pages that are allowed by name, and
   * those allowed by a wildcard that this page was told of.
   */
  const openerOrigins = (returnUrl: string | null) => {
    const told = [returnUrl, document.referrer].flatMap((url) =>
      url && URL.canParse(url) ? [new URL(url).origin] : [],
    )
    return new Set([...pageOrigins.filter((each) => !each.includes('*')), ...told.filter(isAllowed)])
  }

  /** Tells the window that opened this one how its sign-in went, as `authenticateWithPopup` expects it. */
  const answerOpener = () => {
    const opener = window.opener as Window | null
    const query = new URLSearchParams(location.search)
    const returnUrl = query.get('return_url')
    const session = query.get('__clerk_created_session') ?? clerk!.client?.lastActiveSessionId
    if (!opener || (!returnUrl && !session)) {
      say('You can close this window', 'There is no page that waits for this sign-in any more.')
      return
    }
    // The browser delivers only to the origin that is named.
    for (const origin of openerOrigins(returnUrl)) {
      opener.postMessage(returnUrl ? { return_url: returnUrl } : { session }, origin)
    }
    window.close()
  }

  /**
   * Steps of the component stay in the document: a new one would abort what the component has just asked for, such as a
   * code, and ask again.
   */
  const within = (change: 'pushState' | 'replaceState', leave: (url: URL) => void) => (to: string) => {
    const url = new URL(to, location.href)
    const isStep = url.origin === location.origin && (url.pathname === path || url.pathname.startsWith(`${path}/`))
    if (isStep) history[change](null, '', url)
    else leave(url)
  }

  const needsUser = ['UserProfile', 'OrganizationProfile', 'CreateOrganization'].includes(component)
  const routing = { routing: 'path', path }
  const mounts: Record<HostedComponent, () => void> = {
    SignIn: () => clerk!.mountSignIn(place, { ...routing, signUpUrl: urls.signUp, waitlistUrl: urls.waitlist }),
    SignUp: () => clerk!.mountSignUp(place, { ...routing, signInUrl: urls.signIn }),
    UserProfile: () => clerk!.mountUserProfile(place, routing),
    OrganizationProfile: () =>
      clerk!.organization
        ? clerk!.mountOrganizationProfile(place, routing)
        : clerk!.mountOrganizationList(place, {
            hidePersonal: true,
            afterSelectOrganizationUrl: urls.organization,
            afterCreateOrganizationUrl: urls.organization,
          }),
    CreateOrganization: () =>
      clerk!.mountCreateOrganization(place, { ...routing, afterCreateOrganizationUrl: urls.organization }),
    Waitlist: () => clerk!.mountWaitlist(place, { signInUrl: urls.signIn }),
    PopupCallback: answerOpener,
  }

  const show = async () => {
    if (!clerk) throw new Error('clerk-js did not load')
    await clerk.load({
      ui: { ClerkUI },
      nonce,
      telemetry: false,
      routerPush: within('pushState', (url) => location.assign(url)),
      routerReplace: within('replaceState', (url) => location.replace(url)),
      signInUrl: urls.signIn,
      signUpUrl: urls.signUp,
      waitlistUrl: urls.waitlist,
      signInFallbackRedirectUrl: urls.afterSignIn,
      signUpFallbackRedirectUrl: urls.afterSignUp,
      allowedRedirectOrigins: [location.origin, ...redirectOrigins],
      ...(primaryColor === null
        ? {}
        : {
            appearance: { variables: { colorPrimary: primaryColor.color, colorPrimaryForeground: primaryColor.text } },
          }),
    })
    // A page with the settings of nobody would offer what the server refuses.
    if (clerk.status !== 'ready') throw new Error(`clerk-js is ${clerk.status}`)
    if (needsUser && !clerk.user) {
      location.replace(`${urls.signIn}?redirect_url=${encodeURIComponent(location.href)}`)
      return
    }
    note.hidden = true
    mounts[component]()
  }
  show().catch((error: unknown) => {
    reportError(error)
    say('This page could not be loaded', 'Check your connection, then reload the page.')
  })
}
