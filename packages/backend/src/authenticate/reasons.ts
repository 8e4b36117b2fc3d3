import type { MachineTokenVerificationErrorCode } from '../tokens/machine-errors.js'
import type { TokenVerificationErrorReason } from '../tokens/token-errors.js'

/** The status of a request. */
export const AuthStatus = {
  SignedIn: 'signed-in',
  SignedOut: 'signed-out',
  Handshake: 'handshake',
} as const

export type AuthStatus = (typeof AuthStatus)[keyof typeof AuthStatus]

/** Reasons why a request is not signed in, besides those of an invalid token. */
export const AuthErrorReason = {
  ClientUATWithoutSessionToken: 'client-uat-but-no-session-token',
  DevBrowserMissing: 'dev-browser-missing',
  DevBrowserSync: 'dev-browser-sync',
  PrimaryRespondsToSyncing: 'primary-responds-to-syncing',
  PrimaryDomainCrossOriginSync: 'primary-domain-cross-origin-sync',
  SatelliteCookieNeedsSyncing: 'satellite-needs-syncing',
  SessionTokenAndUATMissing: 'session-token-and-uat-missing',
  SessionTokenMissing: 'session-token-missing',
  SessionTokenExpired: 'session-token-expired',
  SessionTokenIATBeforeClientUAT: 'session-token-iat-before-client-uat',
  SessionTokenNBF: 'session-token-nbf',
  SessionTokenIatInTheFuture: 'session-token-iat-in-the-future',
  SessionTokenWithoutClientUAT: 'session-token-but-no-client-uat',
  ActiveOrganizationMismatch: 'active-organization-mismatch',
  TokenTypeMismatch: 'token-type-mismatch',
  UnexpectedError: 'unexpected-error',
} as const

export type AuthErrorReason = (typeof AuthErrorReason)[keyof typeof AuthErrorReason]

/** The reason ends with why the session could not be renewed. */
export type AuthReason =
  | AuthErrorReason
  | TokenVerificationErrorReason
  | MachineTokenVerificationErrorCode
  | `session-token-expired-refresh-${string}`
  | 'No token in header'
