import type { CreateSessionJSON, CreateSessionTokenJSON, RefreshSessionJSON, VerifySessionJSON } from '@latchkey/types'
import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import type { Shape } from '../../kernel/component.js'
import { paginatedQuery } from '../../kernel/page.js'
import { isSince, type ApiVersion } from '../../kernel/versions.js'
import type { SessionRefreshService } from './session-refresh.service.js'
import type { SessionTokenService, TokenInput } from './session-tokens.service.js'
import type { SessionService } from './sessions.service.js'
import { refreshed, session, token } from './sessions.wire.js'
import type { TokenVerificationService } from './token-verification.service.js'

const listQuery = z.object({
  client_id: z.string().optional(),
  user_id: z.string().optional(),
  status: z.enum(['active', 'pending', 'revoked', 'ended', 'expired', 'removed', 'abandoned', 'replaced']).optional(),
  ...paginatedQuery,
})

const createSession = z.object({
  user_id: z.string(),
  active_organization_id: z.string().optional(),
} satisfies Shape<CreateSessionJSON>)

const createToken = z.object({
  expires_in_seconds: z.int().min(30).max(315_360_000).nullish(),
} satisfies Shape<CreateSessionTokenJSON>)

const verifySession = z.object({ token: z.string() } satisfies Shape<VerifySessionJSON>)

const refreshSession = z.object({
  expired_token: z.string(),
  refresh_token: z.string(),
  request_origin: z.string(),
  request_headers: z.record(z.string(), z.unknown()).nullish(),
  format: z.enum(['token', 'cookie']).nullish(),
  request_originating_ip: z.string().nullish(),
} satisfies Shape<RefreshSessionJSON>)

const endpoint = endpointFactory<{
  sessions: SessionService
  sessionTokens: SessionTokenService
  sessionRefresh: SessionRefreshService
  tokenVerification: TokenVerificationService
}>()
const access = 'secret_key'

export const sessionEndpoints = [
  endpoint(
    'GET /sessions',
    { operationId: 'GetSessionList', access, query: listQuery, answer: session, list: 'paginated' },
    ({ query, services }) => services.sessions.list(query, query),
  ),

  endpoint(
    'POST /sessions',
    { operationId: 'createSession', access, body: createSession, answer: session },
    ({ body, caller, services }) => services.sessions.create(body, caller),
  ),

  endpoint(
    'GET /sessions/:session_id',
    { operationId: 'GetSession', access, answer: session },
    ({ params, services }) => services.sessions.get(params.sessionId),
  ),

  endpoint(
    'POST /sessions/:session_id/revoke',
    { operationId: 'RevokeSession', access, answer: session },
    ({ params, caller, services }) => services.sessions.revoke(params.sessionId, caller),
  ),

  endpoint(
    'POST /sessions/:session_id/verify',
    { operationId: 'VerifySession', access, body: verifySession, answer: session },
    ({ params, body, services }) => services.tokenVerification.verifySession(params.sessionId, body.token),
  ),

  endpoint(
    'POST /sessions/:session_id/tokens',
    { operationId: 'CreateSessionToken', access, body: createToken, answer: token },
    ({ params, body, version, services }) =>
      services.sessionTokens.create(params.sessionId, toTokenInput(body.expiresInSeconds, version)),
  ),

  endpoint(
    'POST /sessions/:session_id/tokens/:template_name',
    { operationId: 'CreateSessionTokenFromTemplate', access, body: createToken, answer: token },
    ({ params: { sessionId, templateName }, body, version, services }) =>
      services.sessionTokens.createFromTemplate(sessionId, templateName, toTokenInput(body.expiresInSeconds, version)),
  ),

  endpoint(
    'POST /sessions/:session_id/refresh',
    { operationId: 'RefreshSession', access, body: refreshSession, answer: refreshed },
    ({ params, body, services }) => services.sessionRefresh.refresh(params.sessionId, body),
  ),
]

function toTokenInput(seconds: number | null | undefined, version: ApiVersion): TokenInput {
  return { lifetime: seconds ?? undefined, claimsVersion: isSince(version, '2025-04-10') ? 2 : 1 }
}
