import { z } from 'zod'
import { frontendEndpointFactory } from '../../http/endpoint.js'
import { component, milliseconds } from '../../kernel/component.js'
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
    { operationId: 'createDevBrowser', access: 'public', answer: devBrowser, bare: true },
    ({ caller, services }) => services.devBrowsers.create(caller),
  ),
]
