export {
  decodeJwt,
  hasValidSignature,
  signJwt,
  verifyJwt,
  type TokenRules,
  type VerifyJwtOptions,
} from './tokens/jwt.js'
export type { DecodedJwt, Jwk, JwtAlgorithm, JwtClaims, JwtHeader, KeyMaterial, SignJwtOptions } from '@latchkey/crypto'
