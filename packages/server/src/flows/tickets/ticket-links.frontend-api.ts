import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { queryParam } from '../../http/query.js'
import { redirect } from '../../http/reply.js'
import type { TicketLinkService } from './ticket-links.service.js'

/** Longer than any token of a ticket. */
const ticket = z.string().max(8192)

const endpoint = frontendEndpointFactory<{ ticketLinks: TicketLinkService }>()
const access = 'client'

export const ticketLinkEndpoints = [
  endpoint(
    'GET /tickets/accept',
    { operationId: 'acceptTicket', access, query: z.object({ ticket, redirect_url: z.string().optional() }) },
    async ({ query, caller, services }) => redirect(await services.ticketLinks.accept(query, caller), [], 303),
  ),

  endpoint(
    'GET /agents/tasks',
    { operationId: 'createAgentTask', access, isPrimaryOnly: true, query: z.object({ ticket }) },
    async ({ query, caller, services, request }) => {
      const devBrowserToken = queryParam(request, '__clerk_db_jwt') || undefined
      const { location, setCookies } = await services.ticketLinks.openAgentTask(query.ticket, devBrowserToken, caller)
      return redirect(location, setCookies)
    },
  ),
]
