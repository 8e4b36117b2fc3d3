export * from './auth-objects.js'
export { authenticateRequest, createAuthenticateRequest, type AuthenticateRequest } from './authenticate-request.js'
export type {
  AuthorizationParams,
  CheckAuthorization,
  ReverificationConfig,
  VerificationLevel,
} from './authorization.js'
export {
  isMachineToken,
  isMachineTokenByPrefix,
  verifyMachineAuthToken,
  type MachineToken,
  type MachineTokenResult,
} from './machine-tokens.js'
export type { AuthenticateRequestOptions, OrganizationSyncOptions } from './options.js'
export { AuthErrorReason, AuthStatus, type AuthReason } from './reasons.js'
export type { AnyRequest, NodeRequest } from './request-view.js'
export {
  createBootstrapSignedOutState,
  debugRequestState,
  type AuthenticatedState,
  type HandshakeState,
  type PendingSessionOptions,
  type RequestState,
  type SignedInState,
  type SignedOutState,
  type UnauthenticatedState,
} from './request-state.js'
export type { SessionFacts } from './session-claims.js'
export {
  isTokenTypeAccepted,
  TokenType,
  type AcceptedTokens,
  type MachineTokenType,
  type SessionTokenType,
} from './token-types.js'
