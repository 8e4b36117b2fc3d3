import type { SessionClaims } from '@latchkey/types'
import {
  authenticatedMachineObject,
  invalidTokenAuthObject,
  signedInAuthObject,
  signedOutAuthObject,
  unauthenticatedMachineObject,
  type AuthenticatedMachineObject,
  type DebugData,
  type InvalidTokenAuthObject,
  type SignedInAuthObject,
  type SignedOutAuthObject,
  type UnauthenticatedMachineObject,
} from './auth-objects.js'
import type { AuthenticateContext } from './context.js'
import type { MachineToken } from './machine-tokens.js'
import type { AuthReason } from './reasons.js'
import type { MachineTokenType, SessionTokenType, TokenType } from './token-types.js'

export interface PendingSessionOptions {
  /** Whether a session with pending tasks counts as signed out. Default is true. */
  treatPendingAsSignedOut?: boolean
}

interface StateBase {
  proxyUrl: string
  publishableKey: string
  isSatellite: boolean
  domain: string
  signInUrl: string
  signUpUrl: string
  afterSignInUrl: string
  afterSignUpUrl: string
  /** Headers to send with the answer: cookies, and `location` for a redirect. */
  headers: Headers
}

export interface AuthenticatedState<T extends TokenType = SessionTokenType> extends StateBase {
  status: 'signed-in'
  reason: null
  message: null
  /** @deprecated Use `isAuthenticated`. */
  isSignedIn: true
  isAuthenticated: true
  token: string
  tokenType: T
  toAuth: T extends SessionTokenType
    ? (options?: PendingSessionOptions) => SignedInAuthObject
    : () => AuthenticatedMachineObject<Exclude<T, SessionTokenType>>
}

interface NotAuthenticated extends StateBase {
  reason: AuthReason
  message: string
  /** @deprecated Use `isAuthenticated`. */
  isSignedIn: false
  isAuthenticated: false
  token: null
}

export interface UnauthenticatedState<T extends TokenType | null = SessionTokenType> extends NotAuthenticated {
  status: 'signed-out'
  tokenType: T
  toAuth: T extends null
    ? () => InvalidTokenAuthObject
    : T extends SessionTokenType
      ? () => SignedOutAuthObject
      : () => UnauthenticatedMachineObject<Exclude<T, SessionTokenType | null>>
}

/** The browser must be redirected to `headers.get('location')`. It returns with new cookies. */
export interface HandshakeState extends NotAuthenticated {
  status: 'handshake'
  tokenType: SessionTokenType
  toAuth: () => null
}

export type SignedInState = AuthenticatedState
export type SignedOutState = UnauthenticatedState

export type RequestState<T extends TokenType | null = SessionTokenType> =
  | AuthenticatedState<T extends null ? never : Exclude<T, null>>
  | UnauthenticatedState<T>
  | (T extends SessionTokenType ? HandshakeState : never)

export function signedIn(
  context: AuthenticateContext,
  token: string,
  claims: SessionClaims,
  headers = new Headers(),
): AuthenticatedState {
  const toAuth = ({ treatPendingAsSignedOut = true }: PendingSessionOptions = {}) => {
    const authObject = signedInAuthObject(context.options, token, claims, () => ({
      ...debugDataOf(context),
      sessionToken: token,
    }))
    const isPending = treatPendingAsSignedOut && authObject.sessionStatus === 'pending'
    return isPending ? signedOutAuthObject(undefined, authObject.sessionStatus) : authObject
  }
  return authenticated(context, 'session_token', token, headers, toAuth as () => SignedInAuthObject)
}

export function machineSignedIn(
  context: AuthenticateContext,
  type: MachineTokenType,
  token: string,
  verified: MachineToken,
): AuthenticatedState<MachineTokenType> {
  const toAuth = () => authenticatedMachineObject(type, token, verified, () => debugDataOf(context))
  return authenticated(context, type, token, new Headers(), toAuth as never)
}

function authenticated<T extends TokenType>(
  context: AuthenticateContext,
  tokenType: T,
  token: string,
  headers: Headers,
  toAuth: AuthenticatedState<T>['toAuth'],
): AuthenticatedState<T> {
  return {
    status: 'signed-in',
    reason: null,
    message: null,
    ...baseOf(context),
    isSignedIn: true,
    isAuthenticated: true,
    tokenType,
    toAuth,
    headers,
    token,
  }
}

export interface SignedOutParams<T extends TokenType> {
  reason: AuthReason
  message?: string
  /** Default is `session_token`. */
  tokenType?: T
  headers?: Headers
}

export function signedOut<T extends TokenType = SessionTokenType>(
  context: AuthenticateContext,
  params: SignedOutParams<T>,
): UnauthenticatedState<T> {
  const { reason, message = '', tokenType = 'session_token' as T, headers = new Headers() } = params
  const toAuth = () =>
    tokenType === 'session_token'
      ? signedOutAuthObject(() => ({ ...debugDataOf(context), status: 'signed-out', reason, message }))
      : unauthenticatedMachineObject(tokenType as MachineTokenType, { reason, message, headers })
  return notAuthenticated(baseOf(context), {
    status: 'signed-out',
    reason,
    message,
    tokenType,
    toAuth: toAuth as UnauthenticatedState<T>['toAuth'],
    headers,
  })
}

export function handshake(
  context: AuthenticateContext,
  reason: AuthReason,
  message: string,
  headers: Headers,
): HandshakeState {
  return notAuthenticated(baseOf(context), {
    status: 'handshake',
    reason,
    message,
    tokenType: 'session_token',
    toAuth: () => null,
    headers,
  })
}

/** The state for a token that is not of an accepted kind. */
export function signedOutInvalidToken(): UnauthenticatedState<null> {
  const state = { status: 'signed-out', reason: 'token-type-mismatch', message: '', tokenType: null } as const
  return notAuthenticated(NO_BASE, { ...state, toAuth: invalidTokenAuthObject, headers: new Headers() })
}

/** A signed-out state for a request that arrives before the keys are known. */
export function createBootstrapSignedOutState(
  params: Partial<Omit<StateBase, 'publishableKey' | 'afterSignInUrl' | 'afterSignUpUrl'>> & {
    reason?: AuthReason
    message?: string
  } = {},
): UnauthenticatedState {
  const { reason = 'session-token-and-uat-missing', message = '', headers = new Headers(), ...base } = params
  const toAuth = () => signedOutAuthObject({ status: 'signed-out', reason, message })
  return notAuthenticated(
    { ...NO_BASE, ...base },
    { status: 'signed-out', reason, message, tokenType: 'session_token', toAuth, headers },
  )
}

/** The fields of a state that are safe to log. */
export function debugRequestState(state: RequestState<TokenType | null>) {
  const { isSignedIn, isAuthenticated, proxyUrl, reason, message, publishableKey, isSatellite, domain } = state
  return { isSignedIn, isAuthenticated, proxyUrl, reason, message, publishableKey, isSatellite, domain }
}

const NO_BASE = {
  proxyUrl: '',
  publishableKey: '',
  isSatellite: false,
  domain: '',
  signInUrl: '',
  signUpUrl: '',
  afterSignInUrl: '',
  afterSignUpUrl: '',
}

function baseOf({ options, proxyUrl }: AuthenticateContext): Omit<StateBase, 'headers'> {
  return {
    proxyUrl,
    publishableKey: options.publishableKey || '',
    isSatellite: options.isSatellite || false,
    domain: options.domain || '',
    signInUrl: options.signInUrl || '',
    signUpUrl: options.signUpUrl || '',
    afterSignInUrl: options.afterSignInUrl || '',
    afterSignUpUrl: options.afterSignUpUrl || '',
  }
}

function debugDataOf(context: AuthenticateContext): DebugData {
  const { options, request, instance, tokenInHeader } = context
  const cookies = instance && {
    cookieSuffix: instance.cookieSuffix,
    instanceType: instance.type,
    frontendApi: context.frontendApi,
    sessionTokenInCookie: context.sessionTokenInCookie,
    refreshTokenInCookie: context.refreshTokenInCookie,
    clientUat: context.clientUat,
    devBrowserToken: context.devBrowserToken,
    handshakeToken: context.handshakeToken,
    handshakeNonce: context.handshakeNonce,
    handshakeRedirectLoopCounter: context.redirectCount,
  }
  return { ...options, ...cookies, method: request.method, clerkUrl: withoutSecrets(request.url), tokenInHeader }
}

const SECRET_PARAMETERS = ['__clerk_db_jwt', '__clerk_handshake', '__clerk_handshake_nonce', '__dev_session']

/** The URL for a log. Parameters that identify the browser are shortened, as the same values in cookies are. */
function withoutSecrets(url: URL): string {
  const found = SECRET_PARAMETERS.filter((name) => url.searchParams.has(name))
  if (found.length === 0) return url.href
  const copy = new URL(url)
  for (const name of found) copy.searchParams.set(name, copy.searchParams.get(name)!.slice(0, 7))
  return copy.href
}

/**
 * The longest message in a header, in characters. Proxies allow four or eight kilobytes for all headers of an answer.
 */
const LONGEST_MESSAGE = 1000

/** Adds the decision to the answer's headers, where a developer can see it in the browser. */
function notAuthenticated<
  Decision extends Pick<NotAuthenticated, 'reason' | 'message' | 'headers'> & { status: string },
>(base: Omit<StateBase, 'headers'>, decision: Decision) {
  const { headers, status, reason, message } = decision
  headers.set('x-clerk-auth-status', status)
  headers.set('x-clerk-auth-reason', reason)
  // A message can quote the request, so it may contain characters that are invalid in a header, or be longer than a
  // proxy accepts.
  if (message && message.length <= LONGEST_MESSAGE && /^[\x20-\x7e]*$/.test(message))
    headers.set('x-clerk-auth-message', message)
  return { ...base, ...decision, isSignedIn: false, isAuthenticated: false, token: null } as const
}
