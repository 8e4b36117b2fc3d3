import type { DecodedJwt, JwtClaims } from '@latchkey/crypto'
import type { M2MTokenCategory } from '@latchkey/types'
import { verifyJwt } from './jwt.js'
import { MachineTokenVerificationError, messageOf } from './machine-errors.js'
import { requestKeys } from './request-keys.js'
import { isMachine, keyFrom, type VerifyTokenOptions } from './session-token.js'

const M2M_TOKEN: M2MTokenCategory = 'cl_B7d4PD333AAA'

/** Claims about the token itself; all others are its `claims`. */
const RESERVED_CLAIMS = ['iss', 'sub', 'exp', 'nbf', 'iat', 'jti']

export function isM2MJwt({ payload }: DecodedJwt): boolean {
  return isMachine(payload.sub)
}

/**
 * Verifies a machine token that is a JWT, and returns the same fields as the API returns for an opaque token.
 *
 * @throws {MachineTokenVerificationError} with the code `token-invalid` if it has another category, otherwise
 * `token-verification-failed`.
 */
export async function verifyM2MJwt(token: string, { header }: DecodedJwt, options: VerifyTokenOptions) {
  if (header.cat !== undefined && header.cat !== M2M_TOKEN) {
    throw new MachineTokenVerificationError({
      code: 'token-invalid',
      message: 'The token does not have the category of a machine token.',
    })
  }
  const claims = await verifyClaims(token, options)
  const { scopes, aud } = claims as { scopes?: string; aud?: string[] }
  return { ...factsOf(claims), scopes: scopes?.split(' ') ?? aud ?? [], claims: ownClaims(claims) }
}

/**
 * The fields of a token, from its claims. A JWT has fewer fields than the API returns; each missing one has only one
 * possible value.
 */
export function factsOf({ jti = '', sub, exp, iat }: JwtClaims) {
  const createdAt = iat! * 1000
  return {
    id: jti,
    subject: sub!,
    revoked: false,
    revocationReason: null,
    expired: false,
    expiration: exp! * 1000,
    createdAt,
    updatedAt: createdAt,
  }
}

async function verifyClaims(token: string, options: VerifyTokenOptions): Promise<JwtClaims> {
  const { audience, requireAudience, clockSkewInMs } = options
  try {
    return await verifyJwt(token, { key: keyFrom(options, requestKeys), audience, requireAudience, clockSkewInMs })
  } catch (cause) {
    throw new MachineTokenVerificationError({ code: 'token-verification-failed', message: messageOf(cause), cause })
  }
}

function ownClaims(claims: JwtClaims): Record<string, unknown> | null {
  const own = Object.entries(claims).filter(([name]) => !RESERVED_CLAIMS.includes(name))
  return own.length > 0 ? Object.fromEntries(own) : null
}
