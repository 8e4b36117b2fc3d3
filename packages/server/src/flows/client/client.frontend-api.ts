import { frontendEndpointFactory } from '../../http/endpoint.js'
import type { ClientFlowService } from './client.service.js'
import { frontendClient } from './client.wire.js'
import { perIp } from '../../kernel/limits.js'

const endpoint = frontendEndpointFactory<{ clientFlow: ClientFlowService }>()
const access = 'client'
const isClient = true

export const clientFlowEndpoints = [
  endpoint('GET /client', { operationId: 'getClient', access, answer: frontendClient, isClient }, async () => null),

  endpoint(
    'PUT /client',
    { operationId: 'putClient', access, answer: frontendClient, isClient, limit: perIp(60, 60) },
    async ({ caller, services }) => {
      await services.clientFlow.create(caller)
      return null
    },
  ),

  endpoint(
    'POST /client',
    { operationId: 'postClient', access, answer: frontendClient, isClient, limit: perIp(60, 60) },
    async ({ caller, services }) => {
      await services.clientFlow.create(caller)
      return null
    },
  ),

  // The answer to a captcha. None is ever asked for, so the client alone is told.
  endpoint(
    'POST /client/verify',
    { operationId: 'verifyClient', access, answer: frontendClient, isClient },
    async () => null,
  ),

  endpoint(
    'DELETE /client',
    { operationId: 'deleteClientSessions', access, answer: frontendClient, isClient },
    async ({ caller, services }) => {
      await services.clientFlow.signOut(caller)
      return null
    },
  ),

  endpoint(
    'DELETE /client/sessions',
    { operationId: 'removeClientSessionsAndRetainCookie', access, answer: frontendClient, isClient },
    async ({ caller, services }) => {
      await services.clientFlow.signOut(caller)
      return null
    },
  ),
]
