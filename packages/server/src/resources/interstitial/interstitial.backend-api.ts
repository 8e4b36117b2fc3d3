import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { queryParam } from '../../http/query.js'
import { interstitialHtml, parseInterstitial } from './interstitial.rules.js'

interface Installation {
  /** Where this server serves the Frontend API of a host; undefined if it has no such instance. */
  frontendApiUrlAt(host: string): Promise<string | undefined>
}

const endpoint = endpointFactory<{ installation: Installation }>()

export const interstitialEndpoints = [
  endpoint(
    'GET /public/interstitial',
    {
      operationId: 'GetPublicInterstitial',
      access: 'public',
      query: z.object({
        publishable_key: z.string().optional(),
        frontend_api: z.string().optional(),
        proxy_url: z.string().optional(),
        domain: z.string().optional(),
        sign_in_url: z.string().optional(),
        use_domain_for_script: z.boolean().optional(),
      }),
    },
    async ({ query, services, request }) => {
      // Its name in both spellings, the older one first.
      const frontendApi = queryParam(request, 'frontendApi') ?? query.frontendApi
      const { installation } = services
      const page = await parseInterstitial({ ...query, frontendApi }, (host) => installation.frontendApiUrlAt(host))
      const html = interstitialHtml(page)
      return new Response(html, {
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-store',
          'x-content-type-options': 'nosniff',
        },
      })
    },
  ),
]
