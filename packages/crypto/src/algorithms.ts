const ASYMMETRIC = ['RS256', 'RS384', 'RS512', 'ES256', 'EdDSA'] as const
const HMAC = ['HS256', 'HS384', 'HS512'] as const

/** Algorithms a token may be verified with: all of them asymmetric. */
export type VerificationAlgorithm = (typeof ASYMMETRIC)[number]

/** Algorithms made with a shared secret. They serve JWT templates with a custom signing key, and sign only. */
export type HmacAlgorithm = (typeof HMAC)[number]

/** Algorithms a token may be signed with. */
export type JwtAlgorithm = VerificationAlgorithm | HmacAlgorithm

/** A kind of asymmetric key, by how the names of its algorithms start. */
export type KeyKind = 'RS' | 'ES' | 'Ed'

/** Every algorithm a kind of key can be used with. */
export function algorithmsOf(kind: KeyKind): VerificationAlgorithm[] {
  return ASYMMETRIC.filter((algorithm) => algorithm.startsWith(kind))
}

export function isAsymmetric(name: unknown): name is VerificationAlgorithm {
  return ASYMMETRIC.includes(name as never)
}

export function isHmac(name: unknown): name is HmacAlgorithm {
  return HMAC.includes(name as never)
}

/** The hash that the message is reduced with, in the words of WebCrypto. `EdDSA` has its own inside, and no use for this. */
export function hashOf(algorithm: JwtAlgorithm): string {
  return `SHA-${algorithm.slice(2)}`
}
