import type { SessionClaims } from '@latchkey/types'
import { SessionsApi } from '../api/sessions.js'
import { isClerkAPIResponseError } from '../core/errors.js'
import { ApiClient } from '../core/request.js'
import { requestKeys } from '../tokens/request-keys.js'
import { verifySessionToken } from '../tokens/session-token.js'
import { tryToParse, type AuthenticateContext } from './context.js'
import { takeCookies } from './handshake.js'

export type Refreshed = { token: string; claims: SessionClaims; headers: Headers } | { failed: string }

/**
 * Renews an expired session with the refresh cookie, without redirecting the browser. On failure, returns the reason.
 */
export async function refreshSession(context: AuthenticateContext, expiredToken: string): Promise<Refreshed> {
  const { options, request, refreshTokenInCookie: refreshToken } = context
  if (request.method !== 'GET') return { failed: 'non-eligible-non-get' }
  if (!refreshToken) return { failed: 'non-eligible-no-refresh-cookie' }
  const sessionId = tryToParse(expiredToken)?.payload.sid
  if (typeof sessionId !== 'string' || !sessionId) return { failed: 'expired-session-token-missing-sid-claim' }
  const params = {
    format: 'cookie',
    expired_token: expiredToken,
    refresh_token: refreshToken,
    request_origin: request.url.origin,
    request_headers: request.headerLists(),
    suffixed_cookies: context.usesSuffixedCookies() || undefined,
  } as const
  let cookies: string[]
  try {
    cookies = (await new SessionsApi(new ApiClient(options)).refreshSession(sessionId, params)).cookies ?? []
  } catch (error) {
    return { failed: reasonOf(error) }
  }
  if (cookies.length === 0) return { failed: 'unexpected-sdk-error' }
  try {
    const headers = new Headers()
    const token = takeCookies(headers, cookies)
    return { token, claims: await verifySessionToken(token, options, requestKeys), headers }
  } catch {
    return { failed: 'invalid-session-token' }
  }
}

function reasonOf(error: unknown): string {
  const code = isClerkAPIResponseError(error) ? error.errors[0]?.code : undefined
  if (!code) return 'unexpected-bapi-error'
  return code === 'unexpected_error' ? 'fetch-error' : code
}
