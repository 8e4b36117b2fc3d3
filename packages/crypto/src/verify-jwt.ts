import { isAlgorithm, type VerificationAlgorithm } from './algorithms.js'
import { checkClaims, type ClaimRules } from './claims.js'
import { decodeJwt, type DecodedJwt, type JwtClaims, type JwtHeader } from './decode-jwt.js'
import { JwtError } from './jwt-error.js'
import type { KeyMaterial } from './key-material.js'
import { importKey } from './keys.js'
import { platform, type ImportedKey } from './platform.js'

export interface VerifyJwtOptions extends ClaimRules {
  /** The public key, or a function that finds it by the header (usually by `kid`). */
  key: KeyMaterial | ((header: JwtHeader) => KeyMaterial | Promise<KeyMaterial>)
  /** Narrows what the key allows. Default: RS256, RS384, RS512, ES256 and EdDSA. */
  algorithms?: readonly VerificationAlgorithm[]
  /** What `typ` may be; `undefined` stands for a header without it. Default `JWT` or none. */
  type?: string | readonly (string | undefined)[]
  /** What `cat` may be; `undefined` stands for a header without it. Default: anything. */
  category?: string | readonly (string | undefined)[]
}

/**
 * Verifies a token and returns its claims. Which algorithm is right is decided by the key, never by the token: the
 * token's `alg` must be one that the key is for.
 *
 * @throws {JwtError} with the code of the first rule that is not met.
 */
export async function verifyJwt(token: string, options: VerifyJwtOptions): Promise<JwtClaims> {
  const jwt = decodeJwt(token)
  checkHeader(jwt.header, options)
  const material = typeof options.key === 'function' ? await options.key(jwt.header) : options.key
  await checkSignature(jwt, await importKey(material, 'verify'), options.algorithms)
  checkClaims(jwt.payload, options)
  return jwt.payload
}

const DEFAULT_TYPES = ['JWT', undefined] as const

function checkHeader(header: JwtHeader, { type = DEFAULT_TYPES, category }: VerifyJwtOptions): void {
  if (!listOf(type).includes(header.typ)) {
    throw new JwtError('token_type_invalid', `Invalid JWT type ${JSON.stringify(header.typ)}, expected ${describe(type)}.`)
  }
  if (category !== undefined && !listOf(category).includes(header.cat)) {
    throw new JwtError(
      'token_category_invalid',
      `Invalid JWT category ${JSON.stringify(header.cat)}, expected ${describe(category)}.`,
    )
  }
  // RFC 7515, section 4.1.11: extensions listed here must be understood, and we understand none.
  if (header.crit !== undefined) {
    throw new JwtError('critical_header_unsupported', 'The token requires extensions (crit) that are not supported.')
  }
}

async function checkSignature(jwt: DecodedJwt, key: ImportedKey, allowed?: readonly string[]): Promise<void> {
  const { alg } = jwt.header
  if (!isAlgorithm(alg) || !key.algorithms.includes(alg) || (allowed && !allowed.includes(alg))) {
    const usable = key.algorithms.filter((algorithm) => !allowed || allowed.includes(algorithm))
    throw new JwtError('algorithm_invalid', `Invalid JWT algorithm ${JSON.stringify(alg)}, the key is for ${usable}.`)
  }
  const signed = jwt.raw.text.slice(0, jwt.raw.header.length + 1 + jwt.raw.payload.length)
  if (!(await platform.verify(alg, key, signed, jwt.signature))) {
    throw new JwtError('signature_invalid', 'The signature of the token is invalid.')
  }
}

function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T]
}

function describe(allowed: string | readonly (string | undefined)[]): string {
  return listOf(allowed)
    .map((value) => (value === undefined ? 'none' : JSON.stringify(value)))
    .join(' or ')
}
