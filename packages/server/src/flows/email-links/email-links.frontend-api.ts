import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { redirect } from '../../http/reply.js'
import type { EmailLinkOpenings } from './email-link-openings.service.js'

const endpoint = frontendEndpointFactory<{ emailLinkOpenings: EmailLinkOpenings }>()

const token = z.string().max(8192)

export const emailLinkEndpoints = [
  endpoint(
    'GET /verify',
    { operationId: 'verify', access: 'client', query: z.object({ token }) },
    async ({ query, caller, services }) => {
      const found = await services.emailLinkOpenings.look(query.token, caller)
      return found instanceof Response ? found : redirect(found, [], 303)
    },
  ),

  endpoint(
    'POST /verify',
    { operationId: 'spendVerificationLink', access: 'client', body: z.object({ token }) },
    async ({ body, caller, services }) => redirect(await services.emailLinkOpenings.open(body.token, caller), [], 303),
  ),
]
