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

/** Codes of the API that say why no key could be fetched. */
export const TokenVerificationErrorCode = { InvalidSecretKey: 'clerk_key_invalid' } as const

export type TokenVerificationErrorCode = (typeof TokenVerificationErrorCode)[keyof typeof TokenVerificationErrorCode]

/** What to do about it. */
export const TokenVerificationErrorAction = {
  ContactSupport: 'Check that secretKey and apiUrl belong to the instance that issued the token.',
  EnsureClerkJWT: 'Make sure that this is a session token of your instance.',
  SetClerkJWTKey: 'Pass jwtKey, or set CLERK_JWT_KEY where your framework reads it.',
  SetClerkSecretKey: 'Pass secretKey, or set CLERK_SECRET_KEY where your framework reads it.',
  EnsureClockSync: 'Make sure that the clock of this machine is right.',
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
    const text = [this.message, this.action].filter(Boolean).join(' ')
    return `${text} (reason=${this.reason}, token-carrier=${this.tokenCarrier})`
  }
}

/** The reasons that are not `token-invalid`. */
const REASONS: Partial<Record<JwtErrorCode, TokenVerificationErrorReason>> = {
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
  key_not_found: 'jwk-kid-mismatch',
  key_set_unauthorized: 'secret-key-invalid',
  key_set_unavailable: 'jwk-remote-failed-to-load',
  key_set_invalid: 'jwk-remote-invalid',
}

function actionFor(code: JwtErrorCode): TokenVerificationErrorAction | undefined {
  if (code === 'token_expired' || code === 'authorized_party_invalid') return undefined
  if (code === 'key_invalid') return TokenVerificationErrorAction.SetClerkJWTKey
  if (code.startsWith('key_')) return TokenVerificationErrorAction.ContactSupport
  return TokenVerificationErrorAction[/_active|_issued/.test(code) ? 'EnsureClockSync' : 'EnsureClerkJWT']
}

/** Puts an error of a check into the words of this package; other errors stay as they are. */
export function toTokenError(error: unknown): unknown {
  if (!(error instanceof JwtError)) return error
  const { code, message, cause } = error
  return new TokenVerificationError({ reason: REASONS[code] ?? 'token-invalid', action: actionFor(code), message, cause })
}
