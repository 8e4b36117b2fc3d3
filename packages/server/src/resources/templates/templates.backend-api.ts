import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { pageQuery } from '../../kernel/page.js'
import { shortText } from '../../kernel/schemas.js'
import type { TemplateService } from './templates.service.js'
import { template, templatePreview } from './templates.wire.js'

const listQuery = z.object({
  paginated: z.boolean().default(false),
  limit: z.int().min(1).max(500).optional(),
  offset: pageQuery.offset,
})

const wording = {
  subject: z.string().nullish(),
  body: z.string().optional(),
  from_email_name: shortText.optional(),
  reply_to_email_name: shortText.optional(),
}

const endpoint = endpointFactory<{ templates: TemplateService }>()
const access = 'secret_key'

export const templateEndpoints = [
  endpoint(
    'GET /templates/:template_type',
    { operationId: 'GetTemplateList', access, query: listQuery, answer: template, list: 'paginated' },
    ({ params, query, services }) => services.templates.list(params.templateType, query),
  ),

  endpoint(
    'GET /templates/:template_type/:slug',
    { operationId: 'GetTemplate', access, answer: template },
    ({ params, services }) => services.templates.get(params.templateType, params.slug),
  ),

  endpoint(
    'PUT /templates/:template_type/:slug',
    {
      operationId: 'UpsertTemplate',
      access,
      body: z.object({
        name: shortText.optional(),
        ...wording,
        markup: z.string().nullish(),
        delivered_by_clerk: z.boolean().nullish(),
      }),
      answer: template,
    },
    ({ params, body, caller, services }) => services.templates.upsert(params.templateType, params.slug, body, caller),
  ),

  endpoint(
    'POST /templates/:template_type/:slug/revert',
    { operationId: 'RevertTemplate', access, answer: template },
    ({ params, caller, services }) => services.templates.revert(params.templateType, params.slug, caller),
  ),

  endpoint(
    'POST /templates/:template_type/:slug/preview',
    { operationId: 'PreviewTemplate', access, body: z.object(wording), answer: templatePreview },
    ({ params, body, services }) => services.templates.preview(params.templateType, params.slug, body),
  ),

  endpoint(
    'POST /templates/:template_type/:slug/toggle_delivery',
    {
      operationId: 'ToggleTemplateDelivery',
      access,
      body: z.object({ delivered_by_clerk: z.boolean() }),
      answer: template,
    },
    ({ params, body, caller, services }) =>
      services.templates.toggleDelivery(params.templateType, params.slug, body.deliveredByClerk, caller),
  ),
]
