import { endpointFactory } from '../../http/endpoint.js'
import type { SigningKeys } from '../../instances/signing-keys.js'
import { unlimited } from '../../kernel/limits.js'
import { jwks } from './jwks.wire.js'

const endpoint = endpointFactory<{ signingKeys: SigningKeys }>()

export const jwksEndpoints = [
  endpoint(
    'GET /jwks',
    { operationId: 'GetJWKS', access: 'secret_key', answer: jwks, limit: unlimited },
    ({ services }) => services.signingKeys.published(),
  ),
]
