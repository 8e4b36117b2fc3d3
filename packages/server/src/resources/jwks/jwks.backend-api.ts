import { endpoint, type Endpoint } from '../../endpoint.js'
import { jwks } from './jwks.schema.js'

export const jwksEndpoints: Endpoint[] = [
  endpoint(
    'GET /jwks',
    { operationId: 'GetJWKS', access: 'secret_key', response: jwks },
    async ({ services: { signingKeys } }) => ({
      keys: await signingKeys.published(),
    }),
  ),
]
