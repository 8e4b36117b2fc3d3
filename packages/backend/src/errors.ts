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
export {
  TokenVerificationError,
  TokenVerificationErrorAction,
  TokenVerificationErrorReason,
  type TokenCarrier,
} from './tokens/token-errors.js'
