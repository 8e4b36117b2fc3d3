import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { originOf } from '../../http/frontend/origin.js'
import { component } from '../../kernel/component.js'
import type { EnvironmentService } from './environment.service.js'

type Environment = Awaited<ReturnType<EnvironmentService['get']>>

const environment = {
  schema: component('Environment', z.custom<Environment>()),
  toJSON: (value: Environment): Environment => value,
}

const endpoint = frontendEndpointFactory<{ environment: EnvironmentService }>()

export const environmentEndpoints = [
  endpoint(
    'GET /environment',
    { operationId: 'getEnvironment', access: 'public', answer: environment, bare: true },
    ({ services, request }) => services.environment.get(originOf(request)),
  ),

  // What it updates at the real service, the origin of the application in development, is read from each request here.
  endpoint(
    'PATCH /environment',
    { operationId: 'updateEnvironment', access: 'public', answer: environment, bare: true },
    ({ services, request }) => services.environment.get(originOf(request)),
  ),
]
