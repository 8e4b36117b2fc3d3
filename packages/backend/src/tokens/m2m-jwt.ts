import type { DecodedJwt, JwtClaims } from '@latchkey/crypto'
import type { M2MTokenCategory } from '@latchkey/types'
import { keyFrom, type VerifyTokenOptions } from '../verify-token.js'
import { verifyJwt } from './jwt.js'
import { MachineTokenVerificationError, messageOf } from './machine-errors.js'

const M2M_TOKEN: M2MTokenCategory = 'cl_B7d4PD333AAA'

/** Claims that say something about the token; the others are its `claims`. */
const RESERVED_CLAIMS = ['iss', 'sub', 'exp', 'nbf', 'iat', 'jti']

export function isM2MJwt({ payload }: DecodedJwt): boolean {
  return typeof payload.sub === 'string' && payload.sub.startsWith('mch_')
}

/**
 * Verifies the token of a machine that is a JWT, and says of it what the API says of others.
 *
 * @throws {MachineTokenVerificationError} with the code `token-invalid` when it is of another category, and else
 * `token-verification-failed`.
 */
export async function verifyM2MJwt(token: string, { header }: DecodedJwt, options: VerifyTokenOptions) {
  if (header.cat !== undefined && header.cat !== M2M_TOKEN) {
    throw new MachineTokenVerificationError({
      code: 'token-invalid',
      message: 'The token is not of the category of machine tokens.',
    })
  }
  const claims = await verifyClaims(token, options)
  const { scopes, aud } = claims as { scopes?: string; aud?: string[] }
  return { ...factsOf(claims), scopes: scopes?.split(' ') ?? aud ?? [], claims: ownClaims(claims) }
}

/** A JWT says less than the API does: what it leaves out has one possible value. */
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
    return await verifyJwt(token, { key: keyFrom(options), audience, requireAudience, clockSkewInMs })
  } catch (cause) {
    throw new MachineTokenVerificationError({ code: 'token-verification-failed', message: messageOf(cause), cause })
  }
}

function ownClaims(claims: JwtClaims): Record<string, unknown> | null {
  const own = Object.entries(claims).filter(([name]) => !RESERVED_CLAIMS.includes(name))
  return own.length > 0 ? Object.fromEntries(own) : null
}
