import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { deleted } from '../../kernel/component.js'
import { paginatedQuery } from '../../kernel/page.js'
import type { JwtTemplateService } from './jwt-templates.service.js'
import { jwtTemplate, jwtTemplateInput } from './jwt-templates.wire.js'

const endpoint = endpointFactory<{ jwtTemplates: JwtTemplateService }>()
const access = 'secret_key'

export const jwtTemplateEndpoints = [
  endpoint(
    'GET /jwt_templates',
    {
      operationId: 'ListJWTTemplates',
      access,
      query: z.object(paginatedQuery),
      answer: jwtTemplate,
      list: 'paginated',
    },
    ({ query, services }) => services.jwtTemplates.list(query),
  ),

  endpoint(
    'POST /jwt_templates',
    { operationId: 'CreateJWTTemplate', access, body: jwtTemplateInput, answer: jwtTemplate },
    ({ body, caller, services }) => services.jwtTemplates.create(body, caller),
  ),

  endpoint(
    'GET /jwt_templates/:template_id',
    { operationId: 'GetJWTTemplate', access, answer: jwtTemplate },
    ({ params, services }) => services.jwtTemplates.get(params.templateId),
  ),

  endpoint(
    'PATCH /jwt_templates/:template_id',
    { operationId: 'UpdateJWTTemplate', access, body: jwtTemplateInput, answer: jwtTemplate },
    ({ params, body, caller, services }) => services.jwtTemplates.update(params.templateId, body, caller),
  ),

  endpoint(
    'DELETE /jwt_templates/:template_id',
    { operationId: 'DeleteJWTTemplate', access, answer: deleted('jwt_template') },
    ({ params, caller, services }) => services.jwtTemplates.delete(params.templateId, caller),
  ),
]
