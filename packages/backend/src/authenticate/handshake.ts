import { verifySignedJwt } from '@latchkey/crypto'
import { ClientsApi } from '../api/clients.js'
import { ApiClient } from '../core/request.js'
import { CLERK_API_VERSION } from '../core/version.js'
import { toTokenError, TokenVerificationError } from '../tokens/token-errors.js'
import { requestKeys } from '../tokens/request-keys.js'
import { keyFrom, SESSION_CATEGORIES, verifySessionToken } from '../tokens/session-token.js'
import type { AuthenticateContext } from './context.js'
import { findOrganizationTarget } from './organization-patterns.js'
import type { AuthReason } from './reasons.js'
import {
  handshake,
  signedIn,
  signedOut,
  type HandshakeState,
  type SignedInState,
  type SignedOutState,
} from './request-state.js'

/**
 * After this many round trips within two seconds, the browser evidently does not keep the cookies, and another one
 * would not help.
 */
const MAX_REDIRECTS = 3

/** How far a developer's clock may be wrong, in milliseconds: a day. */
const DEVELOPMENT_CLOCK_SKEW = 86_400_000

/** Sends a browser to the Frontend API for fresh cookies; any other caller is signed out. */
export function startHandshake(
  context: AuthenticateContext,
  reason: AuthReason,
  message = '',
  location?: URL,
): HandshakeState | SignedOutState {
  if (!context.isNavigation) return signedOut(context, { reason, message })
  const { redirectCount } = context
  if (redirectCount >= MAX_REDIRECTS) return signedOut(context, { reason, message: message || LOOP })
  const headers = new Headers({
    location: (location ?? handshakeUrl(context, reason)).href,
    'cache-control': 'no-store',
  })
  headers.append('set-cookie', `__clerk_redirect_count=${redirectCount + 1}; SameSite=Lax; HttpOnly; Max-Age=2`)
  return handshake(context, reason, message, headers)
}

const LOOP =
  'The session could not be renewed: the browser returned without new cookies. Check that publishableKey and secretKey belong to one instance, and that this domain is one of its domains.'

/** Whether the browser has just returned from the Frontend API. */
export function isReturning(context: AuthenticateContext): boolean {
  return Boolean(context.handshakeNonce || context.handshakeToken)
}

/**
 * Sets the cookies that a browser brought back from the Frontend API.
 *
 * @returns null when the handshake was not issued by the instance, or cannot be verified now.
 */
export async function finishHandshake(context: AuthenticateContext): Promise<SignedInState | SignedOutState | null> {
  try {
    const headers = new Headers({ 'access-control-allow-origin': 'null', 'access-control-allow-credentials': 'true' })
    const token = takeCookies(headers, await readDirectives(context))
    if (context.isDevelopment) {
      headers.set('location', cleanUrl(context.request.url).href)
      headers.set('cache-control', 'no-store')
    }
    if (!token) return signedOut(context, { reason: 'session-token-missing', headers })
    const claims = await verifySessionToken(token, context.options, requestKeys).catch((error: unknown) =>
      verifyDespiteClock(context, token, error),
    )
    return signedIn(context, token, claims, headers)
  } catch (error) {
    context.options.onWarning?.(new Error('The handshake could not be resolved.', { cause: error }))
    return null
  }
}

/** Adds cookies to the headers and returns the session token among them. */
export function takeCookies(headers: Headers, directives: string[]): string {
  let token = ''
  for (const directive of directives) {
    headers.append('set-cookie', directive)
    const [name = '', value = ''] = directive.split(';')[0]!.split('=')
    if (name.startsWith('__session')) token = value
  }
  return token
}

async function readDirectives(context: AuthenticateContext): Promise<string[]> {
  const { handshakeNonce: nonce, handshakeToken, options } = context
  if (!nonce) return readHandshakeToken(handshakeToken!, context)
  try {
    return (await new ClientsApi(new ApiClient(options)).getHandshakePayload({ nonce })).directives ?? []
  } catch (error) {
    // The nonce may have been used before. Then the browser already has its cookies, or is signed out.
    options.onWarning?.(new Error('The handshake nonce was not accepted.', { cause: error }))
    return []
  }
}

/** The older format: the cookies are in a signed token. Its time claims are not checked. */
async function readHandshakeToken(token: string, { options }: AuthenticateContext): Promise<string[]> {
  try {
    const { payload } = await verifySignedJwt(token, {
      key: keyFrom(options, requestKeys),
      category: SESSION_CATEGORIES,
    })
    return Array.isArray(payload.handshake)
      ? payload.handshake.filter((directive) => typeof directive === 'string')
      : []
  } catch (error) {
    throw toTokenError(error)
  }
}

const CLOCK_REASONS = ['token-expired', 'token-not-active-yet', 'token-iat-in-the-future']

async function verifyDespiteClock({ isDevelopment, options }: AuthenticateContext, token: string, error: unknown) {
  if (!isDevelopment || !(error instanceof TokenVerificationError) || !CLOCK_REASONS.includes(error.reason)) throw error
  options.onWarning?.(
    new Error('The clock of this machine seems to be wrong. In production this token would be refused.', {
      cause: error,
    }),
  )
  return verifySessionToken(token, { ...options, clockSkewInMs: DEVELOPMENT_CLOCK_SKEW }, requestKeys)
}

function handshakeUrl(context: AuthenticateContext, reason: AuthReason): URL {
  const { frontendApi, isDevelopment, options, request } = context
  const base = /^https?:\/\//.test(frontendApi) ? frontendApi : `https://${frontendApi}`
  const url = new URL('v1/client/handshake', `${base.replace(/\/+$/, '')}/`)
  const { devBrowserToken } = context
  const session = context.sessionTokenInCookie ?? context.tokenInHeader
  const target = findOrganizationTarget(request.url.pathname, options.organizationSyncOptions)
  url.search = new URLSearchParams({
    redirect_url: withoutParameters(request.url, ['__clerk_db_jwt', '__dev_session']).href,
    __clerk_api_version: CLERK_API_VERSION,
    suffixed_cookies: String(context.usesSuffixedCookies()),
    __clerk_hs_reason: reason,
    format: 'nonce',
    ...(session && { __session: session }),
    ...(isDevelopment && devBrowserToken && { __clerk_db_jwt: devBrowserToken }),
    ...(target && { organization_id: 'id' in target ? target.id : 'slug' in target ? target.slug : '' }),
  }).toString()
  return url
}

function cleanUrl(url: URL): URL {
  return withoutParameters(url, ['__clerk_handshake', '__clerk_help', '__clerk_db_jwt', '__clerk_handshake_nonce'])
}

function withoutParameters(url: URL, names: string[]): URL {
  const copy = new URL(url)
  for (const name of names) copy.searchParams.delete(name)
  return copy
}
