import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { redirect } from '../../http/reply.js'
import type { RedirectService } from './redirects.service.js'

const query = z.object({ redirect_url: z.string().optional() })

const endpoint = frontendEndpointFactory<{ redirects: RedirectService }>()

export const redirectEndpoints = [
  endpoint('GET /redirect', { operationId: 'redirectToUrl', access: 'public', query }, async ({ query, services }) =>
    redirect(await services.redirects.target(query.redirectUrl)),
  ),

  endpoint(
    'GET /client/touch',
    { operationId: 'touchClient', access: 'client', query },
    async ({ query, caller, services }) => redirect(await services.redirects.touch(query.redirectUrl, caller)),
  ),
]
