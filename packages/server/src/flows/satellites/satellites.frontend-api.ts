import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { queryParam } from '../../http/query.js'
import { setCookie } from '../../http/frontend/cookies.js'
import { placeOf } from '../../http/frontend/place.js'
import { redirect } from '../../http/reply.js'
import type { LinkedBrowser, SatelliteService } from './satellites.service.js'

/** Seconds: ten years. */
const UAT_LIFETIME = 315_360_000

const endpoint = frontendEndpointFactory<{ satellites: SatelliteService }>()

export const satelliteEndpoints = [
  endpoint(
    'GET /client/sync',
    {
      operationId: 'syncClient',
      access: 'client',
      query: z.object({ link_domain: z.string().optional(), redirect_url: z.string().optional() }),
    },
    async ({ query: { redirectUrl, linkDomain }, caller, services, request }) =>
      redirect(await services.satellites.sync({ redirectUrl, linkDomain }, placeOf(request).host, caller)),
  ),

  endpoint(
    'GET /client/link',
    { operationId: 'linkClient', access: 'public', query: z.object({ __clerk_token: z.string().optional() }) },
    async ({ caller, services, request }) => {
      const token = queryParam(request, '__clerk_token') ?? undefined
      const linked = await services.satellites.link(token, placeOf(request), caller)
      return redirect(linked.location, cookiesOf(linked))
    },
  ),
]

/** A satellite with a host of its own is in production, behind TLS. */
function cookiesOf({ clientToken, maxAge, uat, suffix, domain }: LinkedBrowser): string[] {
  return [
    ...['__client_uat', `__client_uat_${suffix}`].map((name) =>
      setCookie(name, String(uat), { domain, maxAge: UAT_LIFETIME, secure: true }),
    ),
    setCookie('__client', clientToken ?? '', { maxAge, secure: true, httpOnly: true }),
  ]
}
