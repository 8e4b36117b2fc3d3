import type { CreateJWTTemplateJSON, UpdateJWTTemplateJSON } from '@latchkey/types'
import { z } from 'zod'
import { endpoint, type Endpoint } from '../../endpoint.js'
import { deletedObject } from '../../http/components.js'
import { paginatedQuery } from '../../http/pagination.js'
import { metadata } from '../../http/schemas.js'
import type { Shape } from '../../http/validation.js'
import { jwtTemplate } from './jwt-templates.schema.js'
import { toJwtTemplateJSON } from './jwt-templates.serializer.js'
import type { JwtTemplateInput } from './jwt-templates.service.js'

const writable = z.object({
  name: z.string().min(1).max(256),
  claims: metadata,
  lifetime: z.int().min(30).max(315_360_000).nullish(),
  allowed_clock_skew: z.int().min(0).max(300).nullish(),
  custom_signing_key: z.boolean().optional(),
  signing_algorithm: z.string().nullish(),
  signing_key: z.string().max(16_384).nullish(),
} satisfies Shape<CreateJWTTemplateJSON> & Shape<UpdateJWTTemplateJSON>)

export const jwtTemplateEndpoints: Endpoint[] = [
  endpoint(
    'GET /jwt_templates',
    {
      operationId: 'ListJWTTemplates',
      access: 'secret_key',
      response: jwtTemplate,
      query: z.object(paginatedQuery),
      list: 'paginated',
    },
    async ({ query, services: { jwtTemplates } }) => {
      const list = await jwtTemplates.list(query)
      return {
        data: list.map(toJwtTemplateJSON),
        totalCount: query.paginated ? await jwtTemplates.count() : list.length,
      }
    },
  ),

  endpoint(
    'POST /jwt_templates',
    { operationId: 'CreateJWTTemplate', access: 'secret_key', response: jwtTemplate, body: writable },
    async ({ body, services: { jwtTemplates } }) => toJwtTemplateJSON(await jwtTemplates.create(toInput(body))),
  ),

  endpoint(
    'GET /jwt_templates/:template_id',
    { operationId: 'GetJWTTemplate', access: 'secret_key', response: jwtTemplate },
    async ({ params, services: { jwtTemplates } }) => toJwtTemplateJSON(await jwtTemplates.get(params.template_id)),
  ),

  endpoint(
    'PATCH /jwt_templates/:template_id',
    { operationId: 'UpdateJWTTemplate', access: 'secret_key', response: jwtTemplate, body: writable },
    async ({ params, body, services: { jwtTemplates } }) =>
      toJwtTemplateJSON(await jwtTemplates.update(params.template_id, toInput(body))),
  ),

  endpoint(
    'DELETE /jwt_templates/:template_id',
    { operationId: 'DeleteJWTTemplate', access: 'secret_key', response: deletedObject },
    async ({ params, services: { jwtTemplates } }) => {
      await jwtTemplates.delete(params.template_id)
      return { object: 'jwt_template', id: params.template_id, deleted: true }
    },
  ),
]

function toInput(body: z.output<typeof writable>): JwtTemplateInput {
  return {
    name: body.name,
    claims: body.claims,
    lifetime: body.lifetime,
    allowedClockSkew: body.allowed_clock_skew,
    customSigningKey: body.custom_signing_key,
    signingAlgorithm: body.signing_algorithm,
    signingKey: body.signing_key,
  }
}
