import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { deleted } from '../../kernel/component.js'
import { paginatedQuery } from '../../kernel/page.js'
import type { RedirectUrlService } from './redirect-urls.service.js'
import { redirectUrl } from './redirect-urls.wire.js'

const endpoint = endpointFactory<{ redirectUrls: RedirectUrlService }>()
const access = 'secret_key'

export const redirectUrlEndpoints = [
  endpoint(
    'GET /redirect_urls',
    {
      operationId: 'ListRedirectURLs',
      access,
      query: z.object(paginatedQuery),
      answer: redirectUrl,
      list: 'paginated',
    },
    ({ query, services }) => services.redirectUrls.list(query),
  ),

  endpoint(
    'POST /redirect_urls',
    { operationId: 'CreateRedirectURL', access, body: z.object({ url: z.string() }), answer: redirectUrl },
    ({ body, caller, services }) => services.redirectUrls.create(body, caller),
  ),

  endpoint(
    'GET /redirect_urls/:id',
    { operationId: 'GetRedirectURL', access, answer: redirectUrl },
    ({ params, services }) => services.redirectUrls.get(params.id),
  ),

  endpoint(
    'DELETE /redirect_urls/:id',
    { operationId: 'DeleteRedirectURL', access, answer: deleted('redirect_url') },
    ({ params, caller, services }) => services.redirectUrls.delete(params.id, caller),
  ),
]
