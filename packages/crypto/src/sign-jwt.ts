import { isAsymmetric, isHmac, type JwtAlgorithm, type VerificationAlgorithm } from './algorithms.js'
import { encodeBase64url } from './base64url.js'
import { JwtError } from './jwt-error.js'
import type { KeyMaterial } from './key-material.js'
import { importKey } from './keys.js'
import { makeHmac } from './secrets.js'
import { makeSignature } from './signatures.js'

export interface SignJwtOptions {
  algorithm: JwtAlgorithm
  /** `kid` in the header. Default: none. */
  keyId?: string
  /** `typ` in the header. Default `JWT`. */
  type?: string
  /** `cat` in the header. Default: none. */
  category?: string
  /** Further members of the header; they override the others, except `alg`. */
  header?: Record<string, unknown>
}

/**
 * Signs claims unchanged: no time claim is added. On Node asymmetric signatures are made on the thread pool.
 *
 * @param key The private key; for HMAC the secret.
 * @throws {JwtError} `algorithm_invalid` or `key_invalid`.
 */
export async function signJwt(claims: object, key: KeyMaterial, options: SignJwtOptions): Promise<string> {
  const { algorithm, keyId, type = 'JWT', category, header } = options
  if (!isAsymmetric(algorithm) && !isHmac(algorithm)) {
    throw new JwtError('algorithm_invalid', `Unsupported algorithm ${JSON.stringify(algorithm)}.`)
  }
  const fullHeader = { typ: type, kid: keyId, cat: category, ...header, alg: algorithm }
  const text = `${encodeBase64url(JSON.stringify(fullHeader))}.${encodeBase64url(JSON.stringify(claims))}`
  return `${text}.${encodeBase64url(isHmac(algorithm) ? await makeHmac(algorithm, key, text) : await signWith(key, algorithm, text))}`
}

async function signWith(key: KeyMaterial, algorithm: VerificationAlgorithm, text: string): Promise<Uint8Array> {
  const imported = importKey(key, 'sign')
  if (!imported.algorithms.includes(algorithm)) {
    throw new JwtError('key_invalid', `The key cannot sign with ${algorithm}, only with ${imported.algorithms}.`)
  }
  return makeSignature(algorithm, imported, text)
}
