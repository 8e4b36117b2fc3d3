const ASYMMETRIC = ['RS256', 'RS384', 'RS512', 'ES256', 'EdDSA'] as const
const HMAC = ['HS256', 'HS384', 'HS512'] as const

/** Algorithms a token may be verified with: all of them asymmetric. */
export type VerificationAlgorithm = (typeof ASYMMETRIC)[number]

/** Algorithms with a shared secret. They can only sign, and are for JWT templates with a custom signing key. */
export type HmacAlgorithm = (typeof HMAC)[number]

/** Algorithms a token may be signed with. */
export type JwtAlgorithm = VerificationAlgorithm | HmacAlgorithm

/** A kind of asymmetric key: the prefix of the names of its algorithms. */
export type KeyKind = 'RS' | 'ES' | 'Ed'

/** Every algorithm that a kind of key can be used with. */
export function algorithmsOf(kind: KeyKind): VerificationAlgorithm[] {
  return ASYMMETRIC.filter((algorithm) => algorithm.startsWith(kind))
}

export function isAsymmetric(name: unknown): name is VerificationAlgorithm {
  return ASYMMETRIC.includes(name as never)
}

export function isHmac(name: unknown): name is HmacAlgorithm {
  return HMAC.includes(name as never)
}

/** The hash of an algorithm, under its WebCrypto name. `EdDSA` has a built-in hash and ignores this one. */
export function hashOf(algorithm: JwtAlgorithm): string {
  return `SHA-${algorithm.slice(2)}`
}
