/** Why a token, a key or a key set was refused. The codes are stable; the messages are not. */
export type JwtErrorCode =
  | 'token_malformed'
  | 'token_type_invalid'
  | 'token_category_invalid'
  | 'critical_header_unsupported'
  | 'algorithm_invalid'
  | 'signature_invalid'
  | 'claim_invalid'
  | 'audience_invalid'
  | 'authorized_party_invalid'
  | 'issuer_invalid'
  | 'token_expired'
  | 'token_not_active_yet'
  | 'token_issued_in_future'
  | 'key_invalid'
  | 'key_not_found'
  | 'key_set_unauthorized'
  | 'key_set_unavailable'
  | 'key_set_empty'
  | 'key_set_invalid'

/** The one error this package throws. Its message contains claims and key ids, never a token or a key. */
export class JwtError extends Error {
  override readonly name = 'JwtError'
  readonly code: JwtErrorCode

  constructor(code: JwtErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
