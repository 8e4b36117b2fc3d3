import type { DecodedJwt } from '@latchkey/crypto'
import { APIKeysApi } from '../api/api-keys.js'
import { M2MTokensApi } from '../api/m2m-tokens.js'
import { IdPOAuthAccessTokensApi } from '../api/oauth-access-tokens.js'
import { ApiClient } from '../core/request.js'
import { isClerkAPIResponseError } from '../core/errors.js'
import { verifyJwt } from '../tokens/jwt.js'
import {
  MachineTokenVerificationError,
  messageOf,
  type MachineTokenVerificationErrorCode,
} from '../tokens/machine-errors.js'
import { factsOf, isM2MJwt, verifyM2MJwt } from '../tokens/m2m-jwt.js'
import { requestKeys } from '../tokens/request-keys.js'
import { keyFrom, SESSION_CATEGORIES } from '../tokens/session-token.js'
import { TokenVerificationError } from '../tokens/token-errors.js'
import { tryToParse } from './context.js'
import type { AuthenticateRequestOptions } from './options.js'
import type { MachineTokenType } from './token-types.js'

/** The fields of a verified machine token. */
export interface MachineToken {
  id: string
  /** Id of a machine, a user or an organization. */
  subject: string
  scopes: string[]
  claims?: Record<string, unknown> | null
  name?: string
  /** Id of the OAuth application. */
  clientId?: string
  /** Unix milliseconds. */
  expiration: number | null
  [field: string]: unknown
}

/** The outcome of a verification. Errors are returned, not thrown, because the caller needs an answer in both cases. */
export type MachineTokenResult =
  | { data: MachineToken; tokenType: MachineTokenType; errors?: undefined }
  | { data?: undefined; tokenType: MachineTokenType; errors: [MachineTokenVerificationError] }

const OAUTH_TYPES = ['at+jwt', 'application/at+jwt']
const PREFIXES: [prefix: string, type: MachineTokenType][] = [
  ['mt_', 'm2m_token'],
  ['oat_', 'oauth_token'],
  ['ak_', 'api_key'],
]

export function isMachineTokenByPrefix(token: string): boolean {
  return PREFIXES.some(([prefix]) => token.startsWith(prefix))
}

export function isMachineToken(token: string): boolean {
  return machineTokenTypeOf(token) !== null
}

/** The kind of a machine token; null for any other token. */
export function machineTokenTypeOf(token: string, jwt = tryToParse(token)): MachineTokenType | null {
  const opaque = PREFIXES.find(([prefix]) => token.startsWith(prefix))
  if (opaque) return opaque[1]
  if (!jwt) return null
  if (isM2MJwt(jwt)) return 'm2m_token'
  return OAUTH_TYPES.includes(jwt.header.typ!) ? 'oauth_token' : null
}

/**
 * Whether a token is a JWT of a template or a machine. Somebody else chose its claims, so it does not prove a session.
 */
export function isForeignJwt(jwt: DecodedJwt | null): boolean {
  return jwt !== null && !SESSION_CATEGORIES.includes(jwt.header.cat as never)
}

/** Verifies a machine token of any kind: a JWT with the instance's key, any other by calling the API. */
export async function verifyMachineAuthToken(
  token: string,
  options: AuthenticateRequestOptions,
): Promise<MachineTokenResult> {
  const jwt = tryToParse(token)
  const tokenType = machineTokenTypeOf(token, jwt)
  if (!tokenType) return refuse('oauth_token', 'token-verification-failed', 'The token is not a machine token.')
  try {
    return { data: await verify(token, jwt, tokenType, options), tokenType }
  } catch (cause) {
    if (cause instanceof MachineTokenVerificationError) return { tokenType, errors: [cause] }
    if (jwt || cause instanceof TokenVerificationError)
      return refuse(tokenType, 'token-verification-failed', messageOf(cause), cause)
    const { status, errors } = isClerkAPIResponseError(cause) ? cause : { status: undefined, errors: [] }
    if (status === 401)
      return refuse(tokenType, 'secret-key-invalid', errors[0]?.message || 'Invalid secret key', cause, status)
    if (status === 404)
      return refuse(tokenType, 'token-invalid', 'The token is unknown, revoked or expired.', cause, status)
    return refuse(tokenType, 'unexpected-error', 'Unexpected error', cause, status)
  }
}

async function verify(
  token: string,
  jwt: DecodedJwt | null,
  tokenType: MachineTokenType,
  options: AuthenticateRequestOptions,
): Promise<MachineToken> {
  if (!jwt) return (await askApi(token, tokenType, options)) as unknown as MachineToken
  return tokenType === 'm2m_token' ? verifyM2MJwt(token, jwt, options) : verifyOAuthJwt(token, options)
}

async function askApi(
  token: string,
  tokenType: MachineTokenType,
  options: AuthenticateRequestOptions,
): Promise<object> {
  const client = new ApiClient(options)
  if (tokenType === 'api_key') return new APIKeysApi(client).verify(token)
  if (tokenType === 'oauth_token')
    return new IdPOAuthAccessTokensApi(client).verify(token, { audience: options.audience })
  return new M2MTokensApi(client, { ...options, machineSecretKey: options.machineSecretKey || undefined }).verify({
    token,
  })
}

/** RFC 9068: if an audience is given, the token must contain `aud`. */
async function verifyOAuthJwt(token: string, options: AuthenticateRequestOptions): Promise<MachineToken> {
  const { audience, clockSkewInMs } = options
  const rules = {
    key: keyFrom(options, requestKeys),
    clockSkewInMs,
    headerType: OAUTH_TYPES,
    audience: audience || undefined,
    requireAudience: true,
  }
  const claims = await verifyJwt(token, rules)
  const {
    client_id: clientId = '',
    scp,
    scope,
    aud,
    act,
  } = claims as { client_id?: string; scp?: string[]; scope?: string; aud?: string | string[]; act?: object }
  return {
    ...factsOf(claims),
    type: 'oauth_token',
    clientId,
    scopes: scp ?? scope?.split(' ') ?? [],
    aud: aud === undefined ? undefined : [aud].flat(),
    act,
  }
}

function refuse(
  tokenType: MachineTokenType,
  code: MachineTokenVerificationErrorCode,
  message: string,
  cause?: unknown,
  status?: number,
): MachineTokenResult {
  return { tokenType, errors: [new MachineTokenVerificationError({ code, message, status, cause })] }
}
