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

/** A session, and the way to the pages where people sign in and up. */
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
 * Who makes the request that is being answered: in server components, route handlers and server actions. `clerkMiddleware`
 * must have seen it. `auth.protect()` ends the page for those who may not see it.
 *
 * @throws {Error} when the middleware has not seen the request, or when somebody else says that it has.
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

/** Tells a development instance which browser this is. */
export function devBrowserTokenOf(url: string, header: ReadHeader): string | undefined {
  const name = constants.Cookies.DevBrowser
  const inUrl = new URL(url).searchParams.get(name)
  if (inUrl) return inUrl
  const cookies = header('cookie')?.split(/; */) ?? []
  return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1) || undefined
}
