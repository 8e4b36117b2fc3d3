import { apiError, type ApiError } from '../../kernel/errors/api-error.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { SigningKeys } from '../../instances/signing-keys.js'
import { SESSION_TOKEN } from '../../instances/tokens.js'
import { readUrl } from '../../lib/urls.js'
import { isSignedIn } from './sessions.rules.js'
import type { Refreshed } from './session-cookies.rules.js'
import type { SessionCookies } from './session-cookies.service.js'
import type { SessionService } from './sessions.service.js'

export interface RefreshInput {
  expiredToken: string
  refreshToken: string
  /** Of the page that was asked for. */
  requestOrigin: string
  /** Default is `token`. */
  format?: 'token' | 'cookie' | null | undefined
}

/** A new session token for an application's server that has an expired one and the refresh token of a handshake. */
export class SessionRefreshService {
  constructor(
    private readonly options: {
      context: InstanceContext
      sessions: SessionService
      sessionCookies: SessionCookies
      signingKeys: SigningKeys
    },
  ) {}

  /** @throws {ApiError} 401 with the code of the first rule that is not met: an SDK asks for a handshake then */
  async refresh(
    sessionId: string,
    { expiredToken, refreshToken, requestOrigin, format }: RefreshInput,
  ): Promise<Refreshed> {
    const { context, sessions, sessionCookies, signingKeys } = this.options
    const claims = await signingKeys.verify(expiredToken, { category: SESSION_TOKEN, expired: true })
    if (!claims) throw refused('expired_session_token_invalid', 'expired_token is not a session token of this instance')
    const { sid, iat, azp } = claims
    if (typeof sid !== 'string') throw refused('expired_session_token_missing_sid', 'expired_token has no claim sid')
    if (sid !== sessionId) throw refused('refresh_sid_mismatch', 'expired_token belongs to another session')
    if (iat === undefined)
      throw refused('session_refresh_expired_session_token_missing_iat', 'expired_token has no claim iat')
    if (azp === undefined)
      throw refused(
        'expired_session_token_missing_azp',
        'expired_token has no claim azp: it was not given to a browser',
      )
    const origin = originOf(requestOrigin)
    if (origin === undefined)
      throw refused('refresh_request_origin_invalid', 'request_origin is not an origin such as https://example.com')
    if (origin !== azp)
      throw refused('refresh_request_origin_azp_mismatch', 'request_origin is not the azp of expired_token')
    const session = await sessions.find(sessionId)
    if (!session) throw refused('session_refresh_session_not_found', 'There is no such session')
    if (!isSignedIn(session, context.clock.now()))
      throw refused('session_refresh_inactive_session', 'The session has ended')
    if (!(await sessionCookies.isRefreshTokenOf(session.id, refreshToken)))
      throw refused('refresh_token_not_found', 'refresh_token is not one of this session')
    return format === 'cookie'
      ? { cookies: await sessionCookies.linesFor(session, new URL(origin)) }
      : { token: await sessionCookies.createToken(session, origin) }
  }
}

function originOf(text: string): string | undefined {
  const origin = readUrl(text)?.origin
  return origin === 'null' ? undefined : origin
}

function refused(code: string, why: string): ApiError {
  return apiError(401, code, 'The session cannot be refreshed', why)
}
