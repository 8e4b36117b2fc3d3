import type { ClientJSON, VerifyClientJSON } from '@latchkey/types'
import { z } from 'zod'
import { endpoint, type Endpoint } from '../../endpoint.js'
import { apiError } from '../../http/api-error.js'
import { paginatedQuery } from '../../http/pagination.js'
import type { Shape } from '../../http/validation.js'
import type { Services } from '../../services.js'
import type { ClientRecord, SessionRecord } from '../../storage/tables.js'
import { client, handshakePayload } from './clients.schema.js'
import { toClientJSON } from './clients.serializer.js'

const verifyClient = z.object({ token: z.string() } satisfies Shape<VerifyClientJSON>)

export const clientEndpoints: Endpoint[] = [
  endpoint(
    'GET /clients',
    {
      operationId: 'GetClientList',
      access: 'secret_key',
      response: client,
      query: z.object(paginatedQuery),
      list: 'paginated',
    },
    async ({ query, services }) => {
      const list = await services.clients.list(query)
      return {
        data: await withSessions(list, services),
        totalCount: query.paginated ? await services.clients.count() : list.length,
      }
    },
  ),

  endpoint(
    'POST /clients/verify',
    { operationId: 'VerifyClient', access: 'secret_key', response: client, body: verifyClient },
    async ({ body, services }) => {
      const verified = await services.tokenVerification.verifyClient(body.token)
      return (await withSessions([verified], services))[0]
    },
  ),

  // Nonces come from the handshake of the Frontend API: as long as that is not served there is none to know.
  endpoint(
    'GET /clients/handshake_payload',
    {
      operationId: 'GetHandshakePayload',
      access: 'secret_key',
      response: handshakePayload,
      query: z.object({ nonce: z.string() }),
    },
    async () => {
      throw apiError(404, 'resource_not_found', 'Resource not found', 'The nonce is not known, or was used before')
    },
  ),

  endpoint(
    'GET /clients/:client_id',
    { operationId: 'GetClient', access: 'secret_key', response: client },
    async ({ params, services }) => {
      const found = await services.clients.get(params.client_id)
      return (await withSessions([found], services))[0]
    },
  ),
]

/** The clients as they are shown, with their sessions read in one query. */
async function withSessions(list: readonly ClientRecord[], { sessions, context }: Services): Promise<ClientJSON[]> {
  const held = new Map<string, SessionRecord[]>(list.map(({ id }) => [id, []]))
  for (const session of await sessions.listOfClients([...held.keys()])) held.get(session.clientId)!.push(session)
  return list.map((row) => toClientJSON(row, held.get(row.id)!, context))
}
