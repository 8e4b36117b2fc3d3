export { decodeBase64url, decodeText, encodeBase64url } from './base64url.js'
export { decodeJwt, parseJwt, type DecodedJwt, type JwtClaims, type JwtHeader } from './decode-jwt.js'
export { JwtError, type JwtErrorCode } from './jwt-error.js'
export { signJwt, type SignJwtOptions } from './sign-jwt.js'
export { digest } from './digest.js'
export { keep } from './keep.js'
export {
  hasValidSignature,
  verifyJwt,
  verifyJwtNow,
  verifySignedJwt,
  type SignedJwtOptions,
  type VerifyJwtOptions,
} from './verify-jwt.js'
export { DEFAULT_CLOCK_SKEW } from './claims.js'
export type { JwtAlgorithm, VerificationAlgorithm } from './algorithms.js'
export { snapshotOf } from './key-snapshot.js'
export type { Jwk, KeyMaterial, NodeKey, WebKey } from './key-material.js'
export { createKeySet, createLoadedKeySet, type KeySet, type KeySetOptions } from './key-set.js'
