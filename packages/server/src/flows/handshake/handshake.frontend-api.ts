import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { queryParam } from '../../http/query.js'
import { placeOf } from '../../http/frontend/place.js'
import { redirect } from '../../http/reply.js'
import { decided } from '../../http/watch.js'
import type { HandshakeService } from './handshake.service.js'

const query = z.object({
  redirect_url: z.string(),
  format: z.enum(['nonce', 'token']).optional(),
  organization_id: z.string().optional(),
})

const endpoint = frontendEndpointFactory<{ handshake: HandshakeService }>()

export const handshakeEndpoints = [
  endpoint(
    'GET /client/handshake',
    { operationId: 'handshakeClient', access: 'client', query },
    async ({ query: { format = 'token', ...rest }, caller, services, request }) => {
      const primary = await services.handshake.atSatellite(rest.redirectUrl, placeOf(request), caller)
      if (primary !== undefined) {
        decided(request, 'The browser is at a satellite, which asks the primary domain who is signed in.')
        return redirect(primary)
      }
      const devBrowserToken = queryParam(request, '__clerk_db_jwt') || undefined
      const handshake = await services.handshake.begin({ ...rest, format, devBrowserToken }, caller)
      const { location, setCookies, sessionId } = handshake
      decided(
        request,
        sessionId === null
          ? 'Nobody is signed in in this browser: it goes back with cookies that say so.'
          : `It goes back with the cookies of the session ${sessionId}.`,
      )
      return redirect(location, setCookies)
    },
  ),
]
