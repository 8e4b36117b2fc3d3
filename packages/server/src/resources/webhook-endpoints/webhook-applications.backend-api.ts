import type { WebhooksSvixJSON } from '@latchkey/types'
import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { component, type Shape } from '../../kernel/component.js'
import type { WebhookApplicationService } from './webhook-applications.service.js'

const endpoint = endpointFactory<{ webhookApplications: WebhookApplicationService }>()
const access = 'secret_key'

const svixUrl = {
  schema: component('SvixURL', z.object({ svix_url: z.string() } satisfies Shape<WebhooksSvixJSON>)),
  toJSON: (url: string): WebhooksSvixJSON => ({ svix_url: url }),
}

export const webhookApplicationEndpoints = [
  endpoint('POST /webhooks/svix', { operationId: 'CreateSvixApp', access, answer: svixUrl }, ({ caller, services }) =>
    services.webhookApplications.create(caller),
  ),

  endpoint('DELETE /webhooks/svix', { operationId: 'DeleteSvixApp', access, status: 204 }, ({ caller, services }) =>
    services.webhookApplications.delete(caller),
  ),

  endpoint(
    'POST /webhooks/svix_url',
    { operationId: 'GenerateSvixAuthURL', access, answer: svixUrl },
    ({ caller, services }) => services.webhookApplications.link(caller),
  ),
]
