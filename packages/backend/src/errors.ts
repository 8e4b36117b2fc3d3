export {
  AuthenticationError,
  BadRequestError,
  ClerkAPIResponseError,
  ConflictError,
  ConnectionError,
  isClerkAPIResponseError,
  NotFoundError,
  PermissionError,
  RateLimitError,
  ServerError,
  TimeoutError,
  ValidationError,
  type ClerkAPIError,
  type ClerkAPIErrorCode,
  type ClerkAPIErrorMeta,
} from './core/errors.js'
export { SignJWTError } from './tokens/jwt.js'
export { MachineTokenVerificationError, MachineTokenVerificationErrorCode } from './tokens/machine-errors.js'
export {
  TokenVerificationError,
  TokenVerificationErrorAction,
  TokenVerificationErrorCode,
  TokenVerificationErrorReason,
  type TokenCarrier,
} from './tokens/token-errors.js'
