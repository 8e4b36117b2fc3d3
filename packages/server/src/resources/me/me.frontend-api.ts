import { frontendEndpointFactory } from '../../http/endpoint.js'
import type { MeService } from './me.service.js'
import { me } from './me.wire.js'

const endpoint = frontendEndpointFactory<{ me: MeService }>()

export const meEndpoints = [
  endpoint('GET /me', { operationId: 'getUser', access: 'session', answer: me }, ({ caller, services }) =>
    services.me.get(caller.userId),
  ),
]
