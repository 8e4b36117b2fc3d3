import { errors } from '../../kernel/errors/errors.js'
import type { Random } from '../../kernel/runtime.js'

/** `typ` of access tokens that are JWTs: RFC 9068, section 2.1. */
export const ACCESS_TOKEN_TYPES = ['at+jwt', 'application/at+jwt']

/** Whether the text has the form of a JWT. Opaque tokens have no dots. */
export function isJwt(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)
}

/** Not the secret: this one may be shown. */
export function newAccessTokenId(random: Random): string {
  return `oat_${Buffer.from(random.bytes(16)).toString('hex')}`
}

export interface AccessTokenClaims {
  id: string
  clientId: string
  userId: string
  scopes: string[]
  /** Times are Unix milliseconds. */
  expiresAt: number
  createdAt: number
  updatedAt: number
  notBefore: number
}

/** @returns undefined when a claim is missing that every access token has */
export function readClaims(claims: Readonly<Record<string, unknown>> | undefined): AccessTokenClaims | undefined {
  if (!claims) return undefined
  const { jti, client_id: clientId, sub, scope, exp, iat, nbf } = claims
  const isText = (value: unknown): value is string => typeof value === 'string'
  const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
  if (!isText(jti) || !isText(clientId) || !isText(sub) || !isTime(exp) || !isTime(iat)) return undefined
  return {
    id: jti,
    clientId,
    userId: sub,
    scopes: isText(scope) ? scope.split(' ').filter((name) => name !== '') : [],
    expiresAt: exp * 1000,
    createdAt: iat * 1000,
    updatedAt: iat * 1000,
    notBefore: isTime(nbf) ? nbf * 1000 : 0,
  }
}

/**
 * The token in a request, which older clients call `secret`.
 *
 * @throws {ApiError} 400 `bad_request`
 */
export function requestedToken({ accessToken, secret }: { accessToken?: string; secret?: string }): string {
  const token = accessToken ?? secret
  if (!token) throw errors.badRequest('access_token must be included')
  return token
}
