// A program written for the official package, of all that is not its client's methods. program.test.ts compiles it as it
// is, and with our package in place of that.
import { verifyToken } from '@clerk/backend'
import {
  ClerkAPIResponseError,
  isClerkAPIResponseError,
  MachineTokenVerificationError,
  MachineTokenVerificationErrorCode,
  SignJWTError,
  TokenVerificationError,
  TokenVerificationErrorAction,
  TokenVerificationErrorCode,
  TokenVerificationErrorReason,
  type TokenCarrier,
} from '@clerk/backend/errors'
import {
  AuthStatus,
  createAuthenticateRequest,
  createClerkRequest,
  createRedirect,
  getAuthObjectForAcceptedToken,
  isMachineTokenByPrefix,
  makeAuthObjectSerializable,
  TokenType,
  type AuthenticatedMachineObject,
  type AuthenticatedState,
  type AuthenticateRequestOptions,
  type AuthOptions,
  type ClerkRequest,
  type CreateAuthenticateRequestOptions,
  type GetAuthFn,
  type GetAuthFnNoRequest,
  type InferAuthObjectFromToken,
  type InferAuthObjectFromTokenArray,
  type MachineTokenType,
  type OrganizationSyncOptions,
  type RedirectFun,
  type RequestState,
  type SessionTokenType,
  type SignedInAuthObject,
  type SignedInAuthObjectOptions,
  type SignedInState,
  type SignedOutAuthObject,
  type SignedOutState,
  type UnauthenticatedMachineObject,
  type UnauthenticatedState,
} from '@clerk/backend/internal'
import {
  decodeJwt,
  hasValidSignature,
  signJwt,
  verifyJwt,
  type SignJwtOptions,
  type VerifyJwtOptions,
} from '@clerk/backend/jwt'
import {
  clerkFrontendApiProxy,
  DEFAULT_PROXY_PATH,
  fapiUrlFromPublishableKey,
  matchProxyPath,
  stripTrailingSlashes,
  type FrontendApiProxyOptions,
  type ProxyError,
  type ProxyErrorCode,
} from '@clerk/backend/proxy'
import {
  verifyWebhook,
  type UserWebhookEvent,
  type VerifyWebhookOptions,
  type WebhookEvent,
  type WebhookEventType,
} from '@clerk/backend/webhooks'

export type Named = [
  AuthenticatedMachineObject,
  AuthenticatedState<'session_token'>,
  AuthOptions,
  GetAuthFn<Request>,
  GetAuthFnNoRequest,
  InferAuthObjectFromToken<'session_token', SignedInAuthObject, never>,
  InferAuthObjectFromTokenArray<['session_token'], SignedInAuthObject, never>,
  MachineTokenType,
  ProxyError,
  ProxyErrorCode,
  RedirectFun<string>,
  SessionTokenType,
  SignedInAuthObjectOptions,
  SignedInState,
  SignedOutAuthObject,
  SignedOutState,
  TokenCarrier,
  UnauthenticatedMachineObject,
  UnauthenticatedState<'session_token'>,
  UserWebhookEvent,
  WebhookEventType,
]

const organizationSyncOptions: OrganizationSyncOptions = {
  organizationPatterns: ['/orgs/:slug'],
  personalAccountPatterns: ['/me'],
}
const options: AuthenticateRequestOptions = {
  publishableKey: 'pk_test_x',
  secretKey: 'sk_test_x',
  acceptsToken: 'any',
  authorizedParties: ['https://a.b'],
  organizationSyncOptions,
}
const shared = { options: { publishableKey: 'pk_test_x', secretKey: 'sk_test_x' } } as CreateAuthenticateRequestOptions

export async function authenticate(request: Request): Promise<string | null> {
  const clerkRequest: ClerkRequest = createClerkRequest(request)
  const state: RequestState = await createAuthenticateRequest(shared).authenticateRequest(clerkRequest, {
    organizationSyncOptions,
  })
  if (state.status === AuthStatus.Handshake) throw new Error(state.reason)
  const auth = state.toAuth()
  if (!('userId' in auth)) return null
  return (
    getAuthObjectForAcceptedToken({ authObject: auth, acceptsToken: TokenType.SessionToken }) &&
    JSON.stringify(makeAuthObjectSerializable(auth))
  )
}

export async function verify(token: string): Promise<unknown[]> {
  const own: VerifyJwtOptions = { key: 'pem', audience: 'a', clockSkewInMs: 5000 }
  const signing: SignJwtOptions = { algorithm: 'RS256', header: { kid: 'ins_1' } }
  const { sub, sid } = await verifyToken(token, {
    jwtKey: 'pem',
    clockSkewInMs: 5000,
    audience: ['a'],
    authorizedParties: [],
    headerType: 'JWT',
    jwksCacheTtlInMs: 1,
  })
  return [
    sub,
    sid,
    await verifyJwt(token, own),
    await signJwt({ sub }, 'pem', signing),
    await hasValidSignature(decodeJwt(token), 'pem'),
    decodeJwt(token).header.kid,
  ]
}

export async function receive(request: Request): Promise<string | undefined> {
  const signing: VerifyWebhookOptions = { signingSecret: 'whsec_x' }
  const event: WebhookEvent = await verifyWebhook(request, signing)
  return event.type === 'user.created' ? (event.data.first_name ?? undefined) : event.data.id
}

export function pass(request: Request): Promise<Response> | string {
  const own: FrontendApiProxyOptions = {
    proxyPath: DEFAULT_PROXY_PATH,
    publishableKey: 'pk_test_x',
    secretKey: 'sk_test_x',
  }
  if (matchProxyPath(request, own)) return clerkFrontendApiProxy(request, own)
  const { redirectToSignIn } = createRedirect({
    redirectAdapter: (url: string) => url,
    baseUrl: 'https://a.b',
    publishableKey: 'pk_test_x',
    sessionStatus: null,
  })
  return isMachineTokenByPrefix('mt_1')
    ? stripTrailingSlashes(fapiUrlFromPublishableKey('pk_test_x'))
    : redirectToSignIn({ returnBackUrl: '/' })
}

export function explain(error: unknown): string | number | undefined {
  if (isClerkAPIResponseError(error))
    return `${error.status} ${error.clerkTraceId} ${error.retryAfter} ${error.errors[0]?.meta?.paramName}`
  if (error instanceof ClerkAPIResponseError)
    return error.errors.map(({ code, longMessage }) => `${code} ${longMessage}`).join()
  if (error instanceof TokenVerificationError)
    return error.reason === TokenVerificationErrorReason.TokenExpired ? error.action : error.getFullMessage()
  if (error instanceof MachineTokenVerificationError)
    return error.code === MachineTokenVerificationErrorCode.TokenInvalid ? error.status : error.message
  return error instanceof SignJWTError
    ? TokenVerificationErrorAction.ContactSupport
    : TokenVerificationErrorCode.InvalidSecretKey
}

export const others = options
