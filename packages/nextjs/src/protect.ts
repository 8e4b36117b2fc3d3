import {
  isTokenTypeAccepted,
  type AcceptedTokens,
  type AuthenticatedMachineObject,
  type AuthObject,
  type AuthorizationParams,
  type CheckAuthorization,
  type InferAuthObjectFromToken,
  type InferAuthObjectFromTokenArray,
  type SignedInAuthObject,
  type TokenType,
} from '@latchkey/backend/internal'
import type { ReadHeader } from './request-like.js'

export interface AuthProtectOptions {
  /** The kinds of token that are accepted. Default is `session_token`. */
  token?: AcceptedTokens
  /** Where to redirect people who are signed in but may not see the page. Default: they get 404. */
  unauthorizedUrl?: string
  /** Where to redirect people who are not signed in. Default: the sign-in page. */
  unauthenticatedUrl?: string
}

type Machine<T extends TokenType = TokenType> = InferAuthObjectFromToken<
  T,
  SignedInAuthObject,
  AuthenticatedMachineObject
>

/**
 * Stops requests that are not signed in, or lack what is required. They are redirected, or get 404 or 401: see
 * {@link createProtect}. It ends the page with an error that Next understands.
 */
export interface AuthProtect {
  (params?: AuthorizationParams, options?: AuthProtectOptions): Promise<SignedInAuthObject>
  (params?: (has: CheckAuthorization) => boolean, options?: AuthProtectOptions): Promise<SignedInAuthObject>
  <T extends TokenType>(options?: AuthProtectOptions & { token: T }): Promise<Machine<T>>
  <T extends TokenType[]>(
    options?: AuthProtectOptions & { token: T },
  ): Promise<InferAuthObjectFromTokenArray<T, SignedInAuthObject, AuthenticatedMachineObject>>
  (options?: AuthProtectOptions & { token: 'any' }): Promise<SignedInAuthObject | AuthenticatedMachineObject>
  (options?: AuthProtectOptions): Promise<SignedInAuthObject>
}

/** The arguments of `protect()`: the requirements and the options. Both may also be in one object. */
export type ProtectArguments = [
  params?: (AuthorizationParams & AuthProtectOptions) | ((has: CheckAuthorization) => boolean),
  options?: AuthProtectOptions,
]

/** The kinds of token that a call of `protect()` accepts. */
export function acceptedBy([params, options]: ProtectArguments): AcceptedTokens {
  return (params as AuthProtectOptions | undefined)?.token || options?.token || 'session_token'
}

interface ProtectContext {
  header: ReadHeader
  authObject: AuthObject
  /** Each of these ends the page or handler by throwing. */
  redirect: (url: string) => never
  redirectToSignIn: () => never
  notFound: () => never
  unauthorized: () => never
}

/**
 * Decides what `protect()` does.
 *
 * - Not signed in: redirects to `unauthenticatedUrl`; otherwise a page redirects to the sign-in page, a server action
 * gets 401, anything else 404.
 * - Signed in, but not allowed: redirects to `unauthorizedUrl`; otherwise 404.
 * - A machine token is required, and missing or invalid: 401.
 */
export function createProtect({
  header,
  authObject,
  redirect,
  redirectToSignIn,
  notFound,
  unauthorized,
}: ProtectContext) {
  return (...args: ProtectArguments): AuthObject => {
    const [first, second] = args
    const accepted = acceptedBy(args)
    const urls = { ...second, ...(typeof first === 'object' ? withoutEmpty(first) : undefined) }

    if (!isTokenTypeAccepted(authObject.tokenType, accepted)) unauthorized()
    if (authObject.tokenType !== 'session_token') {
      if (!authObject.isAuthenticated) unauthorized()
    } else if (!authObject.userId || authObject.sessionStatus === 'pending') {
      if (urls.unauthenticatedUrl) redirect(urls.unauthenticatedUrl)
      if (isPageRequest(header)) redirectToSignIn()
      if (isServerAction(header)) unauthorized()
      notFound()
    }

    if (isAllowed(first, authObject.has)) return authObject
    if (authObject.tokenType !== 'session_token') unauthorized()
    if (urls.unauthorizedUrl) redirect(urls.unauthorizedUrl)
    return notFound()
  }
}

const ASKED = ['role', 'permission', 'feature', 'plan', 'reverification'] as const

function isAllowed(params: ProtectArguments[0], has: CheckAuthorization): boolean {
  if (typeof params === 'function') return params(has)
  const asked = ASKED.filter((name) => params?.[name] !== undefined)
  return asked.length === 0 || has(Object.fromEntries(asked.map((name) => [name, params![name]])))
}

function withoutEmpty(options: AuthProtectOptions): AuthProtectOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value))
}

/** Whether a browser, or Next's client-side navigation, requests a page. */
function isPageRequest(header: ReadHeader): boolean {
  const destination = header('sec-fetch-dest')
  if (destination === 'document' || destination === 'iframe' || header('accept')?.includes('text/html')) return true
  return (
    (Boolean(header('next-url')) && !isServerAction(header)) || isRenderingPage() || Boolean(header('x-nextjs-data'))
  )
}

function isServerAction(header: ReadHeader): boolean {
  if (!header('next-url')) return false
  return Boolean(
    header('accept')?.includes('text/x-component') ||
    header('content-type')?.includes('multipart/form-data') ||
    header('next-action'),
  )
}

/** Next stores the page it renders on its patched `fetch`. */
function isRenderingPage(): boolean {
  const { __nextPatched, __nextGetStaticStore } = globalThis.fetch as {
    __nextPatched?: boolean
    __nextGetStaticStore?: () => { getStore(): { page?: string } | undefined }
  }
  return __nextPatched === true && Boolean(__nextGetStaticStore?.().getStore()?.page)
}
