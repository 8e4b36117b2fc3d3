import { frontendEndpointFactory } from '../../http/endpoint.js'
import { empty } from '../../http/reply.js'
import { frontendErrors } from '../../kernel/errors/frontend-errors.js'

const endpoint = frontendEndpointFactory<object>()

export const siteDataEndpoints = [
  endpoint('GET /clear-site-data', { operationId: 'clearSiteData', access: 'public' }, async ({ request }) => {
    // An image in a page of somebody else must not sign people out. Such a request names no origin.
    const isEmbedded = request.headers.get('sec-fetch-mode') === 'no-cors'
    if (isEmbedded && request.headers.get('sec-fetch-site') === 'cross-site') throw frontendErrors.originInvalid('?')
    return empty([['clear-site-data', '"*"']])
  }),
]
