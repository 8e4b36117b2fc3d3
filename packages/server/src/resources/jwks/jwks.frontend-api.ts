import { frontendEndpointFactory } from '../../http/endpoint.js'
import type { SigningKeys } from '../../instances/signing-keys.js'
import { unlimited } from '../../kernel/limits.js'
import { jwks } from './jwks.wire.js'

const endpoint = frontendEndpointFactory<{ signingKeys: SigningKeys }>()

export const jwksFrontendEndpoints = [
  endpoint(
    'GET /.well-known/jwks.json',
    { operationId: 'getJWKS', access: 'public', answer: jwks, bare: true, limit: unlimited },
    ({ services }) => services.signingKeys.published(),
  ),
]
