/** The public keys of an instance. */
export interface JwksJSON {
  keys: JwksKeyJSON[]
}

/** An RSA public key (RFC 7517); numbers are base64url. */
export interface JwksKeyJSON {
  use: string
  kty: 'RSA'
  kid: string
  alg: string
  n: string
  e: string
  x5c?: string[]
  x5t?: string
  'x5t#S256'?: string
  x5u?: string
}
