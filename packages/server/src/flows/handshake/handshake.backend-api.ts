import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { apiError } from '../../kernel/errors/api-error.js'
import type { HandshakeService } from './handshake.service.js'
import { handshakePayload } from './handshake.wire.js'

const endpoint = endpointFactory<{ handshake: HandshakeService }>()

export const handshakePayloadEndpoints = [
  endpoint(
    'GET /clients/handshake_payload',
    {
      operationId: 'GetHandshakePayload',
      access: 'secret_key',
      query: z.object({ nonce: z.string() }),
      answer: handshakePayload,
    },
    async ({ query, caller, services }) => {
      const directives = await services.handshake.take(query.nonce, caller)
      if (directives) return directives
      throw apiError(404, 'resource_not_found', 'Resource not found', 'The nonce is invalid, or was already used')
    },
  ),
]
