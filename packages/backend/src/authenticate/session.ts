import type { DecodedJwt } from '@latchkey/crypto'
import { requestKeys } from '../tokens/request-keys.js'
import { verifySessionToken } from '../tokens/session-token.js'
import { TokenVerificationError, type TokenCarrier } from '../tokens/token-errors.js'
import { tryToParse, type AuthenticateContext } from './context.js'
import { finishHandshake, isReturning, startHandshake } from './handshake.js'
import { isForeignJwt, machineTokenTypeOf } from './machine-tokens.js'
import { findOrganizationTarget } from './organization-patterns.js'
import { accountsUrlOf, isDevelopmentAccountsHost } from './publishable-key.js'
import { refreshSession } from './refresh.js'
import { parseUrl } from './request-view.js'
import { signedIn, signedOut, type RequestState, type SignedInState } from './request-state.js'
import { readSessionClaims } from './session-claims.js'

/** Authenticates a session token sent as `Authorization: Bearer`. */
export async function authenticateWithHeader(context: AuthenticateContext): Promise<RequestState> {
  const token = context.tokenInHeader!
  const jwt = tryToParse(token)
  if (isOfAnotherKind(token, jwt)) return signedOut(context, { reason: 'token-type-mismatch' })
  try {
    return signedIn(context, token, await verifySessionToken(token, context.options, requestKeys))
  } catch (error) {
    return explain(context, token, error, 'header')
  }
}

/** Authenticates a browser by its cookies, or starts the handshake it needs. */
export async function authenticateWithCookies(context: AuthenticateContext): Promise<RequestState> {
  if (isReturning(context)) {
    const state = await finishHandshake(context)
    if (state) return state
  }
  const token = context.sessionTokenInCookie
  const { clientUat } = context
  const elsewhere = syncWithOtherDomains(context, Boolean(token || clientUat)) ?? syncDevelopmentBrowser(context)
  if (elsewhere) return elsewhere
  if (!token && !clientUat) return signedOut(context, { reason: 'session-token-and-uat-missing' })
  if (!clientUat) return startHandshake(context, 'session-token-but-no-client-uat')
  if (!token) return startHandshake(context, 'client-uat-but-no-session-token')
  const jwt = tryToParse(token)
  if (isOfAnotherKind(token, jwt)) return signedOut(context, { reason: 'token-type-mismatch' })
  if (jwt && jwt.payload.iat! < clientUat) return startHandshake(context, 'session-token-iat-before-client-uat')
  try {
    return checkVisit(context, signedIn(context, token, await verifySessionToken(token, context.options, requestKeys)))
  } catch (error) {
    return explain(context, token, error, 'cookie')
  }
}

function isOfAnotherKind(token: string, jwt: DecodedJwt | null): boolean {
  return jwt !== null && (isForeignJwt(jwt) || machineTokenTypeOf(token, jwt) !== null)
}

/** Turns a verification error into a state. Tries to renew the session if its token has expired. */
async function explain(
  context: AuthenticateContext,
  token: string,
  error: unknown,
  carrier: TokenCarrier,
): Promise<RequestState> {
  if (!(error instanceof TokenVerificationError)) {
    context.options.onWarning?.(new Error('The session token could not be verified.', { cause: error }))
    return signedOut(context, { reason: 'unexpected-error' })
  }
  error.tokenCarrier = carrier
  const message = error.getFullMessage()
  switch (error.reason) {
    case 'token-expired': {
      const refreshed = await refreshSession(context, context.sessionTokenInCookie ?? token)
      if ('token' in refreshed) return signedIn(context, refreshed.token, refreshed.claims, refreshed.headers)
      return startHandshake(context, `session-token-expired-refresh-${refreshed.failed}`, message)
    }
    case 'token-not-active-yet':
      return startHandshake(context, 'session-token-nbf', message)
    case 'token-iat-in-the-future':
      return startHandshake(context, 'session-token-iat-in-the-future', message)
    default:
      return signedOut(context, { reason: error.reason, message })
  }
}

/**
 * Redirects a satellite's browser to the primary domain, to learn who is signed in. On the primary domain of a
 * development instance, redirects it back.
 */
function syncWithOtherDomains(context: AuthenticateContext, hasCookies: boolean): RequestState | null {
  const { options, request, isDevelopment } = context
  const isVisit = request.method === 'GET' && request.header('sec-fetch-dest') === 'document'
  const synced = options.isSatellite && isVisit ? context.query('__clerk_synced') : 'true'
  if (synced !== 'true') {
    const needsSync = synced === 'false'
    if (!options.satelliteAutoSync && !hasCookies && !needsSync)
      return signedOut(context, { reason: 'session-token-and-uat-missing' })
    if (!hasCookies || needsSync) {
      return startHandshake(context, 'satellite-needs-syncing', '', isDevelopment ? primaryUrl(context) : undefined)
    }
  }
  const back = isDevelopment && !options.isSatellite ? satelliteUrl(context) : null
  return back && startHandshake(context, 'primary-responds-to-syncing', '', back)
}

function primaryUrl({ options, request }: AuthenticateContext): URL {
  const url = new URL(options.signInUrl!)
  url.searchParams.append('__clerk_redirect_url', request.url.href)
  return url
}

/**
 * The satellite's URL to return to. Only a plain http or https URL is accepted, because the browser's token is added to
 * it.
 */
function satelliteUrl(context: AuthenticateContext): URL | null {
  const wanted = context.query('__clerk_redirect_url') ?? ''
  const url = /^https?:\/\/[^\s/\\][^\s\\]*$/i.test(wanted) ? parseUrl(wanted) : null
  if (!url) return null
  if (context.devBrowserToken) url.searchParams.append('__clerk_db_jwt', context.devBrowserToken)
  url.searchParams.set('__clerk_synced', 'true')
  return url
}

/** Development instances identify a browser by a token, not by a cookie on their own domain. */
function syncDevelopmentBrowser(context: AuthenticateContext): RequestState | null {
  if (!context.isDevelopment) return null
  if (context.request.url.searchParams.has('__clerk_db_jwt')) return startHandshake(context, 'dev-browser-sync')
  return context.devBrowserToken ? null : startHandshake(context, 'dev-browser-missing')
}

/**
 * A valid session can still be wrong for this visit: it may have changed on a satellite, or the URL may belong to
 * another organization.
 */
function checkVisit(context: AuthenticateContext, state: SignedInState): RequestState {
  const { redirectCount } = context
  if (redirectCount === 0 && comesFromAnotherDomain(context)) {
    return startHandshake(
      context,
      'primary-domain-cross-origin-sync',
      'The visit comes from another domain, where the session may have changed.',
    )
  }
  if (redirectCount < 3 && context.isNavigation && hasWrongOrganization(context, state)) {
    return startHandshake(context, 'active-organization-mismatch')
  }
  return state
}

function comesFromAnotherDomain({ options, request, isDevelopment, frontendApi }: AuthenticateContext): boolean {
  if (options.isSatellite || request.method !== 'GET' || request.header('sec-fetch-dest') !== 'document') return false
  const referrer = parseUrl(request.header('referer') ?? '')
  if (!referrer) return false
  const { origin, hostname } = referrer
  if (origin === request.url.origin) return false
  const frontendHost = (frontendApi.startsWith('http') && parseUrl(frontendApi)?.hostname) || frontendApi
  if (hostname === frontendHost || origin === parseUrl(accountsUrlOf(frontendApi))?.origin) return false
  return !(isDevelopment && isDevelopmentAccountsHost(hostname))
}

function hasWrongOrganization({ options, request }: AuthenticateContext, state: SignedInState): boolean {
  if (!options.organizationSyncOptions) return false
  const target = findOrganizationTarget(request.url.pathname, options.organizationSyncOptions)
  const { userId, orgId, orgSlug, sessionStatus } = readSessionClaims(
    state.toAuth({ treatPendingAsSignedOut: false }).sessionClaims,
  )
  if (!target || !userId || sessionStatus === 'pending') return false
  if ('personal' in target) return Boolean(orgId)
  return 'id' in target ? target.id !== orgId : target.slug !== orgSlug
}
