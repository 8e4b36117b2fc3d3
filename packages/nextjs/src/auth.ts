import {
  constants,
  createRedirect,
  getAuthObjectForAcceptedToken,
  type AuthObject,
  type AuthOptions,
  type GetAuthFnNoRequest,
  type RedirectFun,
  type SessionAuthObject,
} from '@latchkey/backend/internal'
import { notFound, redirect, unauthorized } from './control-flow.js'
import { currentHeaders } from './current-request.js'
import { readHandover, type Handover } from './handover.js'
import { acceptedBy, createProtect, type AuthProtect, type ProtectArguments } from './protect.js'
import type { ReadHeader } from './request-like.js'
import { machineAuthOf, verifiedSessionAuthOf } from './session-auth.js'

/** A session, with functions that redirect to the sign-in and sign-up pages. */
export type SessionAuthWithRedirect = SessionAuthObject & {
  redirectToSignIn: RedirectFun<never>
  redirectToSignUp: RedirectFun<never>
}

export type AuthFn = GetAuthFnNoRequest<SessionAuthWithRedirect, true> & { protect: AuthProtect }

async function authenticate(options?: AuthOptions): Promise<AuthObject> {
  const header = await currentHeaders()
  const handover = readHandover(header, 'auth()')
  const authObject = getAuthObjectForAcceptedToken({
    authObject: await authObjectOf(handover, header, options),
    acceptsToken: options?.acceptsToken,
  })
  return authObject.tokenType === 'session_token'
    ? Object.assign(authObject, redirectsFor(handover, header, authObject))
    : authObject
}

async function protect(...args: ProtectArguments): Promise<AuthObject> {
  const header = await currentHeaders()
  const authObject = await authenticate({ acceptsToken: acceptedBy(args) })
  const { redirectToSignIn = notFound } = authObject as Partial<SessionAuthWithRedirect>
  return createProtect({
    header,
    authObject,
    redirect: redirectIn(header),
    redirectToSignIn: () => redirectToSignIn(),
    notFound,
    unauthorized,
  })(...args)
}

/**
 * Returns who makes the current request, in server components, route handlers and server actions. The request must have
 * passed through `clerkMiddleware`. `auth.protect()` stops a page for people who may not see it.
 *
 * @throws {Error} when the request has not passed through the middleware, or carries forged headers of it.
 */
export const auth = Object.assign(authenticate, { protect }) as unknown as AuthFn

function authObjectOf(handover: Handover, header: ReadHeader, options?: AuthOptions): Promise<AuthObject> | AuthObject {
  const token = header('authorization')?.replace(/^bearer +/i, '')
  return handover.machine && token ? machineAuthOf(handover.machine, token) : verifiedSessionAuthOf(handover, options)
}

function redirectsFor({ url, options }: Handover, header: ReadHeader, { sessionStatus }: SessionAuthObject) {
  const { publishableKey = '', signInUrl, signUpUrl, isSatellite } = options
  const redirects = createRedirect<never>({
    publishableKey,
    signInUrl,
    signUpUrl,
    isSatellite,
    sessionStatus: sessionStatus as 'active' | 'pending' | null,
    baseUrl: url,
    devBrowserToken: devBrowserTokenOf(url, header),
    redirectAdapter: redirectIn(header),
  })
  const withReturn =
    (go: RedirectFun<never>): RedirectFun<never> =>
    ({ returnBackUrl } = {}) =>
      go({ returnBackUrl: returnBackUrl === null ? '' : returnBackUrl || url })
  return {
    redirectToSignIn: withReturn(redirects.redirectToSignIn),
    redirectToSignUp: withReturn(redirects.redirectToSignUp),
  }
}

function redirectIn(header: ReadHeader): (url: string) => never {
  return (url) => redirect(url, header('next-action') ? 'push' : 'replace')
}

/** The token that identifies this browser to a development instance. */
export function devBrowserTokenOf(url: string, header: ReadHeader): string | undefined {
  const name = constants.Cookies.DevBrowser
  const inUrl = new URL(url).searchParams.get(name)
  if (inUrl) return inUrl
  const cookies = header('cookie')?.split(/; */) ?? []
  return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1) || undefined
}
