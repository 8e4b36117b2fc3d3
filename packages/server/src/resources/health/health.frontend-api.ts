import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { component } from '../../kernel/component.js'

type Health = { status: 'healthy' }

const health = {
  schema: component('Health', z.object({ status: z.literal('healthy') })),
  toJSON: (value: Health): Health => value,
}

const endpoint = frontendEndpointFactory<object>()

export const healthEndpoints = [
  endpoint(
    'GET /health',
    { operationId: 'getHealth', access: 'public', answer: health, bare: true },
    // The instance was read to get here: the database answers.
    async (): Promise<Health> => ({ status: 'healthy' }),
  ),
]
