import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { setCookie } from '../../http/frontend/cookies.js'
import { empty } from '../../http/reply.js'
import { component, milliseconds } from '../../kernel/component.js'
import { perIp } from '../../kernel/limits.js'
import type { DevBrowser, DevBrowserService } from './dev-browsers.service.js'

const devBrowser = {
  schema: component(
    'DevBrowser',
    z.object({
      object: z.literal('dev_browser'),
      id: z.string(),
      token: z.string(),
      created_at: milliseconds,
      updated_at: milliseconds,
    }),
  ),
  toJSON: ({ token, createdAt }: DevBrowser) => ({
    object: 'dev_browser' as const,
    id: token,
    token,
    created_at: createdAt,
    updated_at: createdAt,
  }),
}

const endpoint = frontendEndpointFactory<{ devBrowsers: DevBrowserService }>()

export const devBrowserEndpoints = [
  endpoint(
    'POST /dev_browser',
    { operationId: 'createDevBrowser', access: 'public', answer: devBrowser, bare: true, limit: perIp(60, 60) },
    ({ caller, services }) => services.devBrowsers.create(caller),
  ),

  endpoint(
    'GET /dev_browser/init',
    { operationId: 'getDevBrowserInit', access: 'client', query: z.object({ origin: z.string().optional() }) },
    async ({ query, caller, services }) => {
      await services.devBrowsers.init(query.origin, caller)
      return empty()
    },
  ),

  endpoint(
    'POST /dev_browser/set_first_party_cookie',
    { operationId: 'postDevBrowserInitSetCookie', access: 'client' },
    async ({ caller, services }) => {
      const { value, ...options } = await services.devBrowsers.cookie(caller)
      return empty([['set-cookie', setCookie('__client', value, { ...options, httpOnly: true })]])
    },
  ),
]
