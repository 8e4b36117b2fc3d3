import { endpointFactory } from '../../http/endpoint.js'
import type { TestingTokenService } from './testing-tokens.service.js'
import { testingToken } from './testing-tokens.wire.js'

const endpoint = endpointFactory<{ testingTokens: TestingTokenService }>()

export const testingTokenEndpoints = [
  endpoint(
    'POST /testing_tokens',
    { operationId: 'CreateTestingToken', access: 'secret_key', answer: testingToken },
    async ({ services }) => services.testingTokens.create(),
  ),
]
