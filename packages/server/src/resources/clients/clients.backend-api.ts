import type { VerifyClientJSON } from '@latchkey/types'
import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import type { Shape } from '../../kernel/component.js'
import { paginatedQuery } from '../../kernel/page.js'
import type { ClientService } from './clients.service.js'
import { client } from './clients.wire.js'

const verifyClient = z.object({ token: z.string() } satisfies Shape<VerifyClientJSON>)

const endpoint = endpointFactory<{ clients: ClientService }>()
const access = 'secret_key'

export const clientEndpoints = [
  endpoint(
    'GET /clients',
    { operationId: 'GetClientList', access, query: z.object(paginatedQuery), answer: client, list: 'paginated' },
    ({ query, services }) => services.clients.list(query),
  ),

  endpoint(
    'POST /clients/verify',
    { operationId: 'VerifyClient', access, body: verifyClient, answer: client },
    ({ body, services }) => services.clients.verify(body.token),
  ),

  endpoint('GET /clients/:client_id', { operationId: 'GetClient', access, answer: client }, ({ params, services }) =>
    services.clients.get(params.clientId),
  ),
]
