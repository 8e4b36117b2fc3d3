/** Algorithms a token may be verified with: all of them asymmetric. */
export type VerificationAlgorithm = 'RS256' | 'RS384' | 'RS512' | 'ES256' | 'EdDSA'

/** Algorithms a token may be signed with; the HMAC ones serve JWT templates with a custom signing key. */
export type JwtAlgorithm = VerificationAlgorithm | 'HS256' | 'HS384' | 'HS512'

export type KeyKind = 'rsa' | 'ec' | 'ed25519' | 'secret'
export type Hash = 'SHA-256' | 'SHA-384' | 'SHA-512'

interface AlgorithmFacts {
  kind: KeyKind
  /** The hash the message is reduced with; Ed25519 has its own inside. */
  hash: Hash
}

export const algorithms: Record<JwtAlgorithm, AlgorithmFacts> = {
  RS256: { kind: 'rsa', hash: 'SHA-256' },
  RS384: { kind: 'rsa', hash: 'SHA-384' },
  RS512: { kind: 'rsa', hash: 'SHA-512' },
  ES256: { kind: 'ec', hash: 'SHA-256' },
  EdDSA: { kind: 'ed25519', hash: 'SHA-512' },
  HS256: { kind: 'secret', hash: 'SHA-256' },
  HS384: { kind: 'secret', hash: 'SHA-384' },
  HS512: { kind: 'secret', hash: 'SHA-512' },
}

/** Every algorithm a kind of key can be used with. */
export const algorithmsOf: Record<KeyKind, readonly JwtAlgorithm[]> = {
  rsa: ['RS256', 'RS384', 'RS512'],
  ec: ['ES256'],
  ed25519: ['EdDSA'],
  secret: ['HS256', 'HS384', 'HS512'],
}

/** True for a name we know; guards against names such as `toString`. */
export function isAlgorithm(name: unknown): name is JwtAlgorithm {
  return typeof name === 'string' && Object.hasOwn(algorithms, name)
}
