import { endpoint, type Endpoint } from '../../endpoint.js'

export const jwksEndpoints: Endpoint[] = [
  endpoint('GET /jwks', { operationId: 'GetJWKS', access: 'secret_key' }, async ({ services: { signingKeys } }) => ({ keys: await signingKeys.published() })),
]
