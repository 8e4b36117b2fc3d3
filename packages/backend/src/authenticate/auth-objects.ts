import type { SessionClaims } from '@latchkey/types'
import { SessionsApi } from '../api/sessions.js'
import { ApiClient, type RequestOptions } from '../core/request.js'
import { createCheckAuthorization, type CheckAuthorization } from './authorization.js'
import type { MachineToken } from './machine-tokens.js'
import { readSessionClaims, type SessionFacts } from './session-claims.js'
import {
  isMachineTokenType,
  isTokenTypeAccepted,
  type AcceptedTokens,
  type MachineTokenType,
  type SessionTokenType,
} from './token-types.js'

export interface GetTokenOptions {
  /** A JWT template's name. Default: the session token itself. */
  template?: string
  /** Lifetime of the token, in seconds. */
  expiresInSeconds?: number
}

export type GetToken = (options?: GetTokenOptions) => Promise<string | null>

/** Returns what is known about the request, without secrets. */
export type Debug = () => Record<string, unknown>

interface Helpers {
  getToken: GetToken
  /** Whether the session has a role, a permission, a feature, a plan or a recent verification. */
  has: CheckAuthorization
  debug: Debug
}

export interface SignedInAuthObject extends SessionFacts, Helpers {
  tokenType: SessionTokenType
  sessionClaims: SessionClaims
  isAuthenticated: true
}

type Nothing<Facts> = { [Name in keyof Facts]: null }

export interface SignedOutAuthObject extends Nothing<Omit<SessionFacts, 'sessionStatus'>>, Helpers {
  tokenType: SessionTokenType
  sessionClaims: null
  /** `pending` if the user must complete tasks before the session is active. */
  sessionStatus: SessionFacts['sessionStatus']
  isAuthenticated: false
}

type Claims = Record<string, unknown>

/** The fields that differ between the kinds of machine token. */
interface MachineFacts {
  api_key: { name: string; claims: Claims | null } & ({ userId: string; orgId: null } | { userId: null; orgId: string })
  m2m_token: { claims: Claims | null; machineId: string }
  oauth_token: { userId: string; clientId: string }
}

export type AuthenticatedMachineObject<T extends MachineTokenType = MachineTokenType> = T extends MachineTokenType
  ? {
      id: string
      subject: string
      scopes: string[]
      tokenType: T
      isAuthenticated: true
      getToken: () => Promise<string>
    } & Omit<Helpers, 'getToken'> &
      MachineFacts[T]
  : never

export type UnauthenticatedMachineObject<T extends MachineTokenType = MachineTokenType> = T extends MachineTokenType
  ? {
      id: null
      subject: null
      scopes: null
      tokenType: T
      isAuthenticated: false
      getToken: () => Promise<null>
    } & Omit<Helpers, 'getToken'> &
      Nothing<MachineFacts[T]>
  : never

/** The token is not of an accepted kind. */
export interface InvalidTokenAuthObject extends Omit<Helpers, 'getToken'> {
  tokenType: null
  isAuthenticated: false
  getToken: () => Promise<null>
}

export type AuthObject =
  | SignedInAuthObject
  | SignedOutAuthObject
  | AuthenticatedMachineObject
  | UnauthenticatedMachineObject
  | InvalidTokenAuthObject

/** What is known about the request. {@link createDebug} shortens the secrets. */
export type DebugData = Record<string, unknown>

export function signedInAuthObject(
  options: RequestOptions,
  token: string,
  claims: SessionClaims,
  debugData: DebugData | (() => DebugData) = { ...options },
): SignedInAuthObject {
  const facts = readSessionClaims(claims)
  return {
    tokenType: 'session_token',
    sessionClaims: claims,
    ...facts,
    getToken: createGetToken(options, facts.sessionId, token),
    has: createCheckAuthorization(facts, claims),
    debug: createDebug(debugData),
    isAuthenticated: true,
  }
}

export function signedOutAuthObject(
  debugData?: DebugData | (() => DebugData),
  sessionStatus: SessionFacts['sessionStatus'] = null,
): SignedOutAuthObject {
  return {
    tokenType: 'session_token',
    sessionClaims: null,
    sessionId: null,
    sessionStatus,
    userId: null,
    actor: null,
    orgId: null,
    orgRole: null,
    orgSlug: null,
    orgPermissions: null,
    factorVerificationAge: null,
    getToken: () => Promise.resolve(null),
    has: () => false,
    debug: createDebug(debugData),
    isAuthenticated: false,
  }
}

export function authenticatedMachineObject<T extends MachineTokenType>(
  tokenType: T,
  token: string,
  verified: MachineToken,
  debugData?: DebugData | (() => DebugData),
): AuthenticatedMachineObject<T> {
  const { id, subject, scopes, claims = null, name, clientId } = verified
  const facts: Record<MachineTokenType, object> = {
    api_key: {
      name,
      claims,
      userId: subject.startsWith('user_') ? subject : null,
      orgId: subject.startsWith('org_') ? subject : null,
    },
    m2m_token: { claims, machineId: subject },
    oauth_token: { userId: subject, clientId },
  }
  return {
    id,
    subject,
    getToken: () => Promise.resolve(token),
    has: () => false,
    debug: createDebug(debugData),
    isAuthenticated: true,
    tokenType,
    scopes,
    ...facts[tokenType],
  } as unknown as AuthenticatedMachineObject<T>
}

export function unauthenticatedMachineObject<T extends MachineTokenType>(
  tokenType: T,
  debugData?: DebugData | (() => DebugData),
): UnauthenticatedMachineObject<T> {
  const facts: Record<MachineTokenType, object> = {
    api_key: { name: null, claims: null, userId: null, orgId: null },
    m2m_token: { claims: null, machineId: null },
    oauth_token: { userId: null, clientId: null },
  }
  return {
    id: null,
    subject: null,
    scopes: null,
    getToken: () => Promise.resolve(null),
    has: () => false,
    debug: createDebug(debugData),
    isAuthenticated: false,
    tokenType,
    ...facts[tokenType],
  } as unknown as UnauthenticatedMachineObject<T>
}

export function invalidTokenAuthObject(): InvalidTokenAuthObject {
  return {
    isAuthenticated: false,
    tokenType: null,
    getToken: () => Promise.resolve(null),
    has: () => false,
    debug: () => ({}),
  }
}

/** Removes the functions, so that the object can be sent to a browser. */
export function makeAuthObjectSerializable<T extends object>(authObject: T): Omit<T, 'debug' | 'getToken' | 'has'> {
  const { debug: _debug, getToken: _getToken, has: _has, ...rest } = authObject as T & Helpers
  return rest as Omit<T, 'debug' | 'getToken' | 'has'>
}

/** The auth object for a caller that may accept other kinds of token than the request carries. */
export function getAuthObjectForAcceptedToken(params: {
  authObject: AuthObject
  acceptsToken?: AcceptedTokens
}): AuthObject {
  const { authObject, acceptsToken = 'session_token' } = params
  if (isTokenTypeAccepted(authObject.tokenType, acceptsToken) || acceptsToken === 'any') return authObject
  if (Array.isArray(acceptsToken)) return invalidTokenAuthObject()
  const debugData = () => authObject.debug()
  return isMachineTokenType(acceptsToken)
    ? unauthenticatedMachineObject(acceptsToken, debugData)
    : signedOutAuthObject(debugData)
}

/** The auth object of a session token that is already verified. */
export function getAuthObjectFromJwt(
  jwt: { raw: { text: string }; payload: object },
  { treatPendingAsSignedOut = true, ...options }: RequestOptions & { treatPendingAsSignedOut?: boolean },
): SignedInAuthObject | SignedOutAuthObject {
  const authObject = signedInAuthObject(options, jwt.raw.text, jwt.payload as SessionClaims)
  const isPending = treatPendingAsSignedOut && authObject.sessionStatus === 'pending'
  return isPending ? signedOutAuthObject({ ...options }, authObject.sessionStatus) : authObject
}

function createGetToken(options: RequestOptions, sessionId: string, token: string): GetToken {
  return async ({ template, expiresInSeconds } = {}) => {
    if (!sessionId) return null
    if (!template && expiresInSeconds === undefined) return token
    return (await new SessionsApi(new ApiClient(options)).getToken(sessionId, template, expiresInSeconds)).jwt
  }
}

const SECRETS = [
  'secretKey',
  'machineSecretKey',
  'jwtKey',
  'sessionToken',
  'tokenInHeader',
  'sessionTokenInCookie',
  'refreshTokenInCookie',
  'devBrowserToken',
  'handshakeToken',
  'handshakeNonce',
]

function createDebug(data: DebugData | (() => DebugData) = {}): Debug {
  return () => {
    const known = Object.entries(typeof data === 'function' ? data() : data).filter(
      ([, value]) => typeof value !== 'function',
    )
    return Object.fromEntries(known.map(([name, value]) => [name, SECRETS.includes(name) ? shorten(value) : value]))
  }
}

function shorten(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 7) : ''
}
