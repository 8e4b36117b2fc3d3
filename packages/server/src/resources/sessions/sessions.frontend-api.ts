import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { originOf } from '../../http/frontend/origin.js'
import type { BrowserSessionService } from './browser-sessions.service.js'
import { frontendSession } from './frontend-sessions.wire.js'
import type { SessionViewService } from './session-views.service.js'
import { token } from './sessions.wire.js'

interface Needs {
  browserSessions: BrowserSessionService
  sessionViews: SessionViewService
}

type Session = Awaited<ReturnType<BrowserSessionService['get']>>

const endpoint = frontendEndpointFactory<Needs>()
const access = 'client'

const touchSession = z.object({
  active_organization_id: z.string().nullish(),
  intent: z.string().nullish(),
})

const createToken = z.object({ organization_id: z.string().nullish() })

const view = ({ sessionViews }: Needs, session: Session, request: Request) =>
  sessionViews.view(session, { origin: originOf(request), since: session.updatedAt })

export const sessionFrontendEndpoints = [
  endpoint(
    'GET /client/sessions/:session_id',
    { operationId: 'getSession', access, answer: frontendSession },
    async ({ params, caller, services, request }) =>
      view(services, await services.browserSessions.get(params.sessionId, caller), request),
  ),

  endpoint(
    'POST /client/sessions/:session_id/touch',
    { operationId: 'touchSession', access, body: touchSession, answer: frontendSession },
    async ({ params, body, caller, services, request }) =>
      view(services, await services.browserSessions.touch(params.sessionId, body, caller), request),
  ),

  endpoint(
    'POST /client/sessions/:session_id/end',
    { operationId: 'endSession', access, answer: frontendSession },
    async ({ params, caller, services, request }) =>
      view(services, await services.browserSessions.end(params.sessionId, 'ended', caller), request),
  ),

  endpoint(
    'POST /client/sessions/:session_id/remove',
    { operationId: 'removeSession', access, answer: frontendSession },
    async ({ params, caller, services, request }) =>
      view(services, await services.browserSessions.end(params.sessionId, 'removed', caller), request),
  ),

  endpoint(
    'POST /client/sessions/:session_id/tokens',
    { operationId: 'createSessionToken', access, body: createToken, answer: token, bare: true },
    ({ params, body, caller, services, request }) =>
      services.browserSessions.token(params.sessionId, { ...body, origin: originOf(request) }, caller),
  ),

  endpoint(
    'POST /client/sessions/:session_id/tokens/:template_name',
    { operationId: 'createSessionTokenWithTemplate', access, answer: token, bare: true },
    ({ params, caller, services, request }) =>
      services.browserSessions.token(params.sessionId, { origin: originOf(request) }, caller, params.templateName),
  ),
]
