import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import type { SessionLinkService } from './session-links.service.js'

const endpoint = frontendEndpointFactory<{ sessionLinks: SessionLinkService }>()

const token = z.string().max(8192)

export const sessionLinkEndpoints = [
  endpoint(
    'GET /session_links',
    { operationId: 'openSessionLink', access: 'public', query: z.object({ token }) },
    ({ query, caller, services }) => services.sessionLinks.look(query.token, caller),
  ),

  endpoint(
    'POST /session_links',
    { operationId: 'spendSessionLink', access: 'public', body: z.object({ token }) },
    ({ body, caller, services }) => services.sessionLinks.revoke(body.token, caller),
  ),
]
