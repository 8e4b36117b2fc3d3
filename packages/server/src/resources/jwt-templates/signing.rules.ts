import { signJwt, type JwtAlgorithm } from '@latchkey/crypto'
import { errors } from '../../kernel/errors/errors.js'

/** The algorithms with which a template's own key can sign. */
const SIGNING_ALGORITHMS: readonly string[] = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'ES256',
  'EdDSA',
] satisfies JwtAlgorithm[]

/** Of the templates that sign with the instance's key. */
export const DEFAULT_ALGORITHM = 'RS256'

export interface SigningInput {
  customSigningKey?: boolean | undefined
  signingAlgorithm?: string | null | undefined
  /** The private key as PEM; for HS256 and the like the secret. */
  signingKey?: string | null | undefined
}

export interface CustomKey {
  algorithm: JwtAlgorithm
  key: string
}

/**
 * The template's own key, after a test signature, or undefined if the template has no key.
 *
 * @throws {ApiError} 422 `form_conditional_param_missing` or `form_param_value_invalid`
 */
export async function customKeyOf({
  customSigningKey,
  signingAlgorithm,
  signingKey,
}: SigningInput): Promise<CustomKey | undefined> {
  if (!customSigningKey) return undefined
  if (!signingAlgorithm) throw errors.conditionalParamMissing('signing_algorithm', 'custom_signing_key')
  if (!signingKey) throw errors.conditionalParamMissing('signing_key', 'custom_signing_key')
  if (!SIGNING_ALGORITHMS.includes(signingAlgorithm)) {
    throw errors.paramValueInvalid('signing_algorithm', `must be one of ${SIGNING_ALGORITHMS.join(', ')}`)
  }
  const custom = { algorithm: signingAlgorithm as JwtAlgorithm, key: signingKey }
  if (!(await canSign(custom))) {
    const wanted = signingAlgorithm.startsWith('HS')
      ? 'the secret as text'
      : 'a private key of the right kind as PEM, of RSA one of 2048 to 8192 bits'
    throw errors.paramValueInvalid('signing_key', `cannot sign with ${signingAlgorithm}: give ${wanted}`)
  }
  return custom
}

async function canSign({ algorithm, key }: CustomKey): Promise<boolean> {
  try {
    await signJwt({}, key, { algorithm })
    return true
  } catch {
    // No key, one of another kind, or one that is too small for the hash.
    return false
  }
}
