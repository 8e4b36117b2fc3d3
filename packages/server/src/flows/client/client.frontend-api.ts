import { frontendEndpointFactory } from '../../http/endpoint.js'
import { originOf } from '../../http/frontend/origin.js'
import type { ClientFlowService } from './client.service.js'
import { frontendClient } from './client.wire.js'
import { perIp } from '../../kernel/limits.js'

const endpoint = frontendEndpointFactory<{ clientFlow: ClientFlowService }>()
const access = 'client'

export const clientFlowEndpoints = [
  endpoint(
    'GET /client',
    { operationId: 'getClient', access, answer: frontendClient },
    ({ caller, services, request }) => services.clientFlow.view(caller.clientId, originOf(request)),
  ),

  endpoint(
    'PUT /client',
    { operationId: 'putClient', access, answer: frontendClient, limit: perIp(60, 60) },
    async ({ caller, services, request }) => {
      await services.clientFlow.create(caller)
      return services.clientFlow.view(caller.clientId, originOf(request))
    },
  ),

  endpoint(
    'POST /client',
    { operationId: 'postClient', access, answer: frontendClient, limit: perIp(60, 60) },
    async ({ caller, services, request }) => {
      await services.clientFlow.create(caller)
      return services.clientFlow.view(caller.clientId, originOf(request))
    },
  ),

  // The answer to a captcha. None is ever asked for, so the client alone is told.
  endpoint(
    'POST /client/verify',
    { operationId: 'verifyClient', access, answer: frontendClient },
    ({ caller, services, request }) => services.clientFlow.view(caller.clientId, originOf(request)),
  ),

  endpoint(
    'DELETE /client',
    { operationId: 'deleteClientSessions', access, answer: frontendClient },
    async ({ caller, services, request }) => {
      await services.clientFlow.signOut(caller)
      return services.clientFlow.view(caller.clientId, originOf(request))
    },
  ),

  endpoint(
    'DELETE /client/sessions',
    { operationId: 'removeClientSessionsAndRetainCookie', access, answer: frontendClient },
    async ({ caller, services, request }) => {
      await services.clientFlow.signOut(caller)
      return services.clientFlow.view(caller.clientId, originOf(request))
    },
  ),
]
