import type {
  CreateSessionJSON,
  CreateSessionTokenJSON,
  RefreshSessionJSON,
  TokenJSON,
  VerifySessionJSON,
} from '@latchkey/types'
import { z } from 'zod'
import { endpoint, type Endpoint } from '../../endpoint.js'
import { paginatedQuery } from '../../http/pagination.js'
import type { Shape } from '../../http/validation.js'
import { isSince, type ApiVersion } from '../../http/versions.js'
import { cookies, session, token } from './sessions.schema.js'
import { toSessionJSON } from './sessions.serializer.js'
import type { TokenInput } from './session-tokens.service.js'

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

export const sessionEndpoints: Endpoint[] = [
  endpoint(
    'GET /sessions',
    { operationId: 'GetSessionList', access: 'secret_key', response: session, query: listQuery, list: 'paginated' },
    async ({ query, services: { sessions, context } }) => {
      const filter = { clientId: query.client_id, userId: query.user_id, status: query.status }
      const list = await sessions.list(filter, query)
      return {
        data: list.map((session) => toSessionJSON(session, context)),
        totalCount: query.paginated ? await sessions.count(filter) : list.length,
      }
    },
  ),

  endpoint(
    'POST /sessions',
    { operationId: 'createSession', access: 'secret_key', response: session, body: createSession },
    async ({ body, services: { sessions, context } }) =>
      toSessionJSON(
        await sessions.create({ userId: body.user_id, activeOrganizationId: body.active_organization_id }),
        context,
      ),
  ),

  endpoint(
    'GET /sessions/:session_id',
    { operationId: 'GetSession', access: 'secret_key', response: session },
    async ({ params, services: { sessions, context } }) =>
      toSessionJSON(await sessions.get(params.session_id), context),
  ),

  endpoint(
    'POST /sessions/:session_id/revoke',
    { operationId: 'RevokeSession', access: 'secret_key', response: session },
    async ({ params, services: { sessions, context } }) =>
      toSessionJSON(await sessions.revoke(params.session_id), context),
  ),

  endpoint(
    'POST /sessions/:session_id/verify',
    { operationId: 'VerifySession', access: 'secret_key', response: session, body: verifySession },
    async ({ params, body, services: { tokenVerification, context } }) =>
      toSessionJSON(await tokenVerification.verifySession(params.session_id, body.token), context),
  ),

  endpoint(
    'POST /sessions/:session_id/tokens',
    { operationId: 'CreateSessionToken', access: 'secret_key', response: token, body: createToken },
    async ({ params, body, version, services: { sessionTokens } }) =>
      toTokenJSON(await sessionTokens.create(params.session_id, toTokenInput(body, version))),
  ),

  endpoint(
    'POST /sessions/:session_id/tokens/:template_name',
    { operationId: 'CreateSessionTokenFromTemplate', access: 'secret_key', response: token, body: createToken },
    async ({ params, body, version, services: { sessionTokens } }) =>
      toTokenJSON(
        await sessionTokens.createFromTemplate(params.session_id, params.template_name, toTokenInput(body, version)),
      ),
  ),

  endpoint(
    'POST /sessions/:session_id/refresh',
    { operationId: 'RefreshSession', access: 'secret_key', response: z.union([token, cookies]), body: refreshSession },
    async ({ params, body, services: { sessionRefresh } }) =>
      sessionRefresh.refresh(params.session_id, {
        expiredToken: body.expired_token,
        requestOrigin: body.request_origin,
      }),
  ),
]

function toTokenInput(body: z.output<typeof createToken>, version: ApiVersion): TokenInput {
  return { lifetime: body.expires_in_seconds ?? undefined, claimsVersion: isSince(version, '2025-04-10') ? 2 : 1 }
}

function toTokenJSON(jwt: string): TokenJSON {
  return { object: 'token', jwt }
}
