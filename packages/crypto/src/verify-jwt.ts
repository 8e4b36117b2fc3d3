import type { VerificationAlgorithm } from './algorithms.js'
import { checkClaims, checkOneOf, unexpected, type ClaimRules } from './claims.js'
import { parseJwt, type DecodedJwt, type JwtClaims, type JwtHeader } from './decode-jwt.js'
import type { ImportedKey } from './imported-key.js'
import { JwtError } from './jwt-error.js'
import type { KeyMaterial } from './key-material.js'
import { importKey } from './keys.js'
import { verifySignature } from './signatures.js'

export interface VerifyJwtOptions extends ClaimRules, SignedJwtOptions {}

/** Rules that are checked before the claims. */
export interface SignedJwtOptions {
  /** The public key, or a function that finds it by the header (usually by `kid`). */
  key: KeyMaterial | ((header: JwtHeader) => KeyMaterial | Promise<KeyMaterial>)
  /** Restricts the algorithms that the key allows. Default: RS256, RS384, RS512, ES256 and EdDSA. */
  algorithms?: readonly VerificationAlgorithm[]
  /** Allowed values of `typ`; `undefined` allows a header without it. Default: `JWT`, or omitted. */
  type?: string | readonly (string | undefined)[]
  /** Allowed values of `cat`; `undefined` allows a header without it. Default: any. */
  category?: string | readonly (string | undefined)[]
}

/**
 * Verifies a token and returns its claims. The key decides which algorithms are allowed, never the token: the token's
 * `alg` must be one of the key's.
 *
 * @throws {JwtError} with the code of the first rule that fails.
 */
export async function verifyJwt(token: string, options: VerifyJwtOptions): Promise<JwtClaims> {
  return verifyJwtNow(token, options)
}

/** {@link verifyJwt} that returns the claims synchronously if possible: each promise saved is 2% of the work. */
export function verifyJwtNow(token: string, options: VerifyJwtOptions): JwtClaims | Promise<JwtClaims> {
  return after(verifySignedJwt(token, options), ({ payload }) => {
    checkClaims(payload, options)
    return payload
  })
}

/**
 * {@link verifyJwtNow} that does not check the claims, for tokens other than session tokens: the caller checks them.
 */
export function verifySignedJwt(token: string, options: SignedJwtOptions): DecodedJwt | Promise<DecodedJwt> {
  const jwt = parseJwt(token)
  checkHeader(jwt.header, options)
  const { key, algorithms } = options
  const valid = after(typeof key === 'function' ? key(jwt.header) : key, (material) =>
    isSigned(jwt, importKey(material, 'verify'), algorithms),
  )
  return after(valid, (signed) => {
    if (!signed) throw new JwtError('signature_invalid', 'The signature of the token is invalid.')
    return jwt
  })
}

/** Whether a decoded token was signed with the private half of a key. Checks nothing else. */
export async function hasValidSignature(jwt: DecodedJwt, key: KeyMaterial): Promise<boolean> {
  return isSigned(jwt, importKey(key, 'verify'))
}

function after<T, Result>(
  value: T | Promise<T>,
  apply: (value: T) => Result | Promise<Result>,
): Result | Promise<Result> {
  return typeof (value as Promise<T>)?.then === 'function' ? (value as Promise<T>).then(apply) : apply(value as T)
}

const DEFAULT_TYPES = ['JWT', undefined]

function checkHeader(header: JwtHeader, { type = DEFAULT_TYPES, category }: SignedJwtOptions): void {
  checkOneOf('token_type_invalid', 'typ', [header.typ], type)
  if (category !== undefined) checkOneOf('token_category_invalid', 'cat', [header.cat], category)
  // RFC 7515, section 4.1.11: extensions listed here must be understood, and we support none.
  checkOneOf('critical_header_unsupported', 'crit', [header.crit], [undefined])
}

function isSigned(
  { header, raw, signature }: DecodedJwt,
  key: ImportedKey,
  allowed: readonly string[] = key.algorithms,
): boolean | Promise<boolean> {
  const { alg } = header
  const usable = key.algorithms.find((algorithm) => algorithm === alg && allowed.includes(algorithm))
  if (!usable) throw unexpected('algorithm_invalid', 'alg', alg, `one that the key is for (${key.algorithms})`)
  return verifySignature(usable, key, raw.text.slice(0, raw.header.length + 1 + raw.payload.length), signature)
}
