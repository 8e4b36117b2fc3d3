import { JwtError, type JwtErrorCode } from '@latchkey/crypto'

/** Where a request carried its token. */
export type TokenCarrier = 'header' | 'cookie'

/** Why a token was not accepted, in the words of `@clerk/backend`. */
export const TokenVerificationErrorReason = {
  TokenExpired: 'token-expired',
  TokenInvalid: 'token-invalid',
  TokenInvalidAlgorithm: 'token-invalid-algorithm',
  TokenInvalidAuthorizedParties: 'token-invalid-authorized-parties',
  TokenInvalidIssuer: 'token-invalid-issuer',
  TokenInvalidSignature: 'token-invalid-signature',
  TokenNotActiveYet: 'token-not-active-yet',
  TokenIatInTheFuture: 'token-iat-in-the-future',
  TokenVerificationFailed: 'token-verification-failed',
  InvalidSecretKey: 'secret-key-invalid',
  LocalJWKMissing: 'jwk-local-missing',
  RemoteJWKFailedToLoad: 'jwk-remote-failed-to-load',
  RemoteJWKInvalid: 'jwk-remote-invalid',
  RemoteJWKMissing: 'jwk-remote-missing',
  JWKFailedToResolve: 'jwk-failed-to-resolve',
  JWKKidMismatch: 'jwk-kid-mismatch',
} as const

export type TokenVerificationErrorReason =
  (typeof TokenVerificationErrorReason)[keyof typeof TokenVerificationErrorReason]

/** Codes of the API for a key set that could not be fetched. */
export const TokenVerificationErrorCode = { InvalidSecretKey: 'clerk_key_invalid' } as const

export type TokenVerificationErrorCode = (typeof TokenVerificationErrorCode)[keyof typeof TokenVerificationErrorCode]

// Separate constants, so that a bundle contains only the texts it uses.
export const CONTACT_SUPPORT = 'Check that secretKey and apiUrl belong to the instance that issued the token.'
export const ENSURE_CLERK_JWT = 'Make sure that this is a session token of your instance.'
export const SET_JWT_KEY = 'Pass jwtKey, or set CLERK_JWT_KEY where your framework reads it.'
const SET_SECRET_KEY = 'Pass secretKey, or set CLERK_SECRET_KEY where your framework reads it.'
const ENSURE_CLOCK_SYNC = 'Make sure that the clock of this machine is right.'

/** What to do about it. */
export const TokenVerificationErrorAction = {
  ContactSupport: CONTACT_SUPPORT,
  EnsureClerkJWT: ENSURE_CLERK_JWT,
  SetClerkJWTKey: SET_JWT_KEY,
  SetClerkSecretKey: SET_SECRET_KEY,
  EnsureClockSync: ENSURE_CLOCK_SYNC,
} as const

export type TokenVerificationErrorAction =
  (typeof TokenVerificationErrorAction)[keyof typeof TokenVerificationErrorAction]

/** A token that was not accepted, or could not be checked. Its message never contains the token. */
export class TokenVerificationError extends Error {
  readonly reason: TokenVerificationErrorReason
  readonly action?: TokenVerificationErrorAction
  tokenCarrier?: TokenCarrier

  constructor(options: {
    reason: TokenVerificationErrorReason
    message: string
    action?: TokenVerificationErrorAction
    cause?: unknown
  }) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause })
    this.reason = options.reason
    if (options.action) this.action = options.action
  }

  getFullMessage(): string {
    const action = this.action ? ` ${this.action}` : ''
    return `${this.message}${action} (reason=${this.reason}, token-carrier=${this.tokenCarrier})`
  }
}

/** The reason for each error code; all other codes are `token-invalid`. */
const MEANING: Partial<Record<JwtErrorCode, TokenVerificationErrorReason>> = {
  algorithm_invalid: 'token-invalid-algorithm',
  signature_invalid: 'token-invalid-signature',
  claim_invalid: 'token-verification-failed',
  audience_invalid: 'token-verification-failed',
  authorized_party_invalid: 'token-invalid-authorized-parties',
  issuer_invalid: 'token-invalid-issuer',
  token_expired: 'token-expired',
  token_not_active_yet: 'token-not-active-yet',
  token_issued_in_future: 'token-iat-in-the-future',
  key_invalid: 'jwk-failed-to-resolve',
}

function actionFor(code: JwtErrorCode): TokenVerificationErrorAction | undefined {
  if (/expired|party/.test(code)) return undefined
  return code === 'key_invalid' ? SET_JWT_KEY : /active|future/.test(code) ? ENSURE_CLOCK_SYNC : ENSURE_CLERK_JWT
}

/** Converts a {@link JwtError} to a {@link TokenVerificationError}; other errors are returned unchanged. */
export function toTokenError(error: unknown): unknown {
  if (!(error instanceof JwtError)) return error
  const { code, message, cause } = error
  return new TokenVerificationError({
    reason: MEANING[code] ?? 'token-invalid',
    action: actionFor(code),
    message,
    cause,
  })
}
