import { tokenCacheOf } from '../tokens/token-cache.js'
import { AuthenticateContext, tryToParse } from './context.js'
import { isForeignJwt, machineTokenTypeOf, verifyMachineAuthToken } from './machine-tokens.js'
import { mergeOptions, type AuthenticateRequestOptions } from './options.js'
import { findOrganizationTarget } from './organization-patterns.js'
import { instanceOf } from './publishable-key.js'
import { parseUrl, RequestView, type AnyRequest } from './request-view.js'
import {
  debugRequestState,
  machineSignedIn,
  signedOut,
  signedOutInvalidToken,
  type RequestState,
} from './request-state.js'
import { authenticateWithCookies, authenticateWithHeader } from './session.js'
import { isMachineTokenType, isTokenTypeAccepted, type SessionTokenType, type TokenType } from './token-types.js'

type Options<Accepted> = Omit<AuthenticateRequestOptions, 'acceptsToken'> & { acceptsToken: Accepted }

/** Decides who makes a request: a web `Request`, or the `IncomingMessage` of Node and its frameworks. */
export interface AuthenticateRequest {
  <T extends TokenType>(request: AnyRequest, options: Options<T[]>): Promise<RequestState<T | null>>
  <T extends TokenType>(request: AnyRequest, options: Options<T>): Promise<RequestState<T>>
  (request: AnyRequest, options: Options<'any'>): Promise<RequestState<TokenType>>
  (request: AnyRequest, options?: AuthenticateRequestOptions): Promise<RequestState<SessionTokenType>>
}

/**
 * Decides who makes a request. Returns a state for any request, however malformed; only invalid options throw.
 *
 * @throws {Error} when a key is missing or a satellite's options are invalid.
 */
export async function authenticateRequest(
  request: AnyRequest,
  options: AuthenticateRequestOptions,
): Promise<RequestState<TokenType | null>> {
  const { acceptsToken = 'session_token' } = options
  const needsInstance = acceptsToken !== 'm2m_token' && acceptsToken !== 'api_key'
  const found = needsInstance ? instanceOf(options.publishableKey) : null
  const context = new AuthenticateContext(
    new RequestView(request),
    options,
    found instanceof Promise ? await found : found,
  )
  checkOptions(context)
  const { tokenInHeader } = context
  if (acceptsToken === 'session_token')
    return tokenInHeader ? authenticateWithHeader(context) : authenticateWithCookies(context)
  if (!tokenInHeader && typeof acceptsToken === 'string' && isMachineTokenType(acceptsToken)) {
    return signedOut(context, { tokenType: acceptsToken, reason: 'No token in header' })
  }
  return authenticateAny(context, acceptsToken)
}

/** Creates `authenticateRequest` for a client's options. The `apiClient` that `@clerk/backend` requires is ignored. */
export function createAuthenticateRequest(params: { options: AuthenticateRequestOptions; apiClient?: unknown }): {
  authenticateRequest: AuthenticateRequest
  debugRequestState: typeof debugRequestState
} {
  const authenticate = (request: AnyRequest, options?: AuthenticateRequestOptions) =>
    authenticateRequest(request, mergeOptions(params.options, options))
  return { authenticateRequest: authenticate as AuthenticateRequest, debugRequestState }
}

async function authenticateAny(
  context: AuthenticateContext,
  accepts: TokenType | TokenType[] | 'any',
): Promise<RequestState<TokenType | null>> {
  const token = context.tokenInHeader
  const jwt = token ? tryToParse(token) : null
  const machineType = token ? machineTokenTypeOf(token, jwt) : null
  const type = machineType ?? 'session_token'
  const isAccepted = isTokenTypeAccepted(type, accepts)
  if (!isAccepted) return Array.isArray(accepts) ? signedOutInvalidToken() : mismatch(context, accepts as TokenType)
  if (!token) return authenticateWithCookies(context)
  if (!machineType) return isForeignJwt(jwt) ? mismatch(context, 'session_token') : authenticateWithHeader(context)
  const { data, tokenType, errors } = await verifyMachineAuthToken(token, context.options)
  if (data) return machineSignedIn(context, tokenType, token, data)
  return signedOut(context, { tokenType, reason: errors[0].code, message: errors[0].getFullMessage() })
}

function mismatch(context: AuthenticateContext, tokenType: TokenType): RequestState<TokenType> {
  return signedOut(context, { tokenType, reason: 'token-type-mismatch' })
}

function checkOptions({ options, request }: AuthenticateContext): void {
  const {
    acceptsToken,
    secretKey,
    machineSecretKey,
    jwtKey,
    isSatellite,
    signInUrl,
    proxyUrl,
    domain,
    organizationSyncOptions,
    tokenCache,
  } = options
  if (acceptsToken === 'm2m_token') {
    if (!machineSecretKey && !secretKey && !jwtKey)
      throw new Error('Missing secret key. M2M tokens are verified with machineSecretKey, secretKey or jwtKey.')
    return
  }
  if (!secretKey && !jwtKey)
    throw new Error('Missing secret key. Pass secretKey, or set CLERK_SECRET_KEY where your framework reads it.')
  findOrganizationTarget('/', organizationSyncOptions)
  tokenCacheOf(tokenCache)
  if (!isSatellite) return
  if (!signInUrl && secretKey?.trim().startsWith('sk_test_'))
    throw new Error(
      'Missing signInUrl. A satellite of a development instance needs the URL of the page where people sign in.',
    )
  if (!proxyUrl && !domain) throw new Error('Missing domain and proxyUrl. A satellite needs one of them.')
  const origin = request.header('origin')
  if (!signInUrl || !origin) return
  const signIn = parseUrl(signInUrl)
  if (!signIn) throw new Error('"signInUrl" of a satellite must be an absolute URL.')
  if (signIn.origin === origin) throw new Error('"signInUrl" must be on another origin than the satellite.')
}
