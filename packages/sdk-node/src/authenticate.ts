import { verifyToken } from '@latchkey/backend'
import { ConnectionError, TokenVerificationError, type TokenVerificationErrorReason } from '@latchkey/backend/errors'
import type { SessionClaims, SessionJSON } from '@latchkey/backend/types'
import { ClientApi } from './apis/client-api.js'
import { SessionApi } from './apis/session-api.js'
import { NoSessionError } from './errors.js'
import { Session } from './resources.js'
import type { RestClient } from './rest-client.js'

/**
 * The session of a request. If it was verified without calling the API, it has only the fields in its token: `id`,
 * `userId`, `status`, `actor` and `lastActiveOrganizationId`. The others are undefined.
 */
export type RequestSession = Pick<Session, 'id' | 'userId' | 'user_id' | 'status'> & Partial<Session>

/** The parts of a request that are read. Requests of Express, Next and Node fit. */
export interface AuthenticatedRequest {
  headers: { cookie?: string | undefined }
  query?: unknown
}

/** Reasons why a token cannot be verified here. The API may still be able to. */
const UNDECIDED: TokenVerificationErrorReason[] = [
  'jwk-failed-to-resolve',
  'jwk-kid-mismatch',
  'jwk-local-missing',
  'jwk-remote-failed-to-load',
  'jwk-remote-invalid',
  'jwk-remote-missing',
]

/**
 * Authenticates a request by its `__session` cookie. The token is verified here, with the instance's key set, which is
 * fetched once. The API is called only for tokens that cannot be verified here, such as a client token.
 *
 * @throws {NoSessionError} without a cookie
 * @throws {TokenVerificationError} when the token is invalid or expired
 * @throws {ClerkAPIResponseError} when the API was called, and refused the token or could not be reached
 */
export async function authenticate(rest: RestClient, request: AuthenticatedRequest): Promise<Session> {
  const token = readCookie(request.headers.cookie, '__session')
  if (!token) throw new NoSessionError('No session cookie found.')
  const sessionId = (request.query as { _clerk_session_id?: unknown } | undefined)?._clerk_session_id
  const wanted = typeof sessionId === 'string' && sessionId !== '' ? sessionId : undefined
  const claims = await verifyLocally(rest, token)
  return claims ? toSession(claims, wanted) : askApi(rest, token, wanted)
}

/** @returns null when the API has to be called */
async function verifyLocally(rest: RestClient, token: string): Promise<SessionClaims | null> {
  if (!isJwt(token)) return null
  const { apiKey, serverApiUrl, apiVersion, timeout } = rest.connection
  try {
    return await verifyToken(token, { secretKey: apiKey, apiUrl: serverApiUrl, apiVersion, timeout, fetch: rest.fetch })
  } catch (error) {
    if (!(error instanceof TokenVerificationError)) throw error
    // If the key set cannot be reached, neither can the rest of the API.
    if (error.cause instanceof ConnectionError) throw error.cause
    if (UNDECIDED.includes(error.reason)) return null
    throw error
  }
}

async function askApi(rest: RestClient, token: string, sessionId: string | undefined): Promise<Session> {
  const id = sessionId ?? (await new ClientApi(rest).verifyClient(token)).lastActiveSessionId
  if (!id) throw new NoSessionError('The client has no active session.')
  return new SessionApi(rest).verifySession(id, token)
}

function toSession(claims: SessionClaims, wanted: string | undefined): Session {
  if (wanted !== undefined && wanted !== claims.sid) {
    throw new NoSessionError('The session cookie belongs to another session than _clerk_session_id.')
  }
  const { sts: status = 'active' } = claims as { sts?: SessionJSON['status'] }
  if (status !== 'active') throw new NoSessionError(`The session is ${status}: the user has not finished signing in.`)
  const organization = claims as { o?: { id: string }; org_id?: string }
  return new Session({
    object: 'session',
    id: claims.sid,
    user_id: claims.sub,
    status,
    actor: claims.act ?? null,
    last_active_organization_id: organization.o?.id ?? organization.org_id ?? null,
  } as SessionJSON)
}

/** Old client tokens are opaque: only the API can verify them. */
function isJwt(token: string): boolean {
  return token.split('.').length === 3
}

/** The first cookie with this name, which is the one with the longest path (RFC 6265). */
function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return undefined
}
