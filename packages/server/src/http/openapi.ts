import { z } from 'zod'
import { clerkErrors, components } from '../kernel/component.js'
import type { Endpoint } from './endpoint.js'
import { operations } from './operations.js'
import { apiVersions } from '../kernel/versions.js'

export interface OpenApiOptions {
  /** The base of the server's URLs. */
  publicUrl: string
  /** Of the program. */
  version: string
}

type Json = { [key: string]: unknown }

/** The path prefix of the whole Backend API. */
const PREFIX = '/v1'

/** Describes the served operations of the Backend API as an OpenAPI 3.1 document. */
export function createOpenApi(endpoints: readonly Endpoint[], { publicUrl, version }: OpenApiOptions): Json {
  const schemas: Json = {}
  const tags = new Map(
    operations.filter(({ api }) => api === 'backend').map(({ operationId, tag }) => [operationId, tag]),
  )
  const paths: { [path: string]: Json } = {}
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = {
      ...paths[path],
      [endpoint.method.toLowerCase()]: operation(endpoint, tags.get(endpoint.operationId), schemas),
    }
  }
  const errors = { description: 'What was wrong', content: json(toSchema(clerkErrors, 'output', schemas)) }
  const used = new Set(endpoints.map(({ operationId }) => tags.get(operationId)))
  return {
    openapi: '3.1.0',
    info: { title: 'Latchkey Backend API', version },
    servers: [{ url: `${publicUrl}${PREFIX}` }],
    tags: [...new Set(tags.values())].filter((tag) => used.has(tag)).map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
      responses: { ClerkErrors: errors },
      parameters: { APIVersion: apiVersion },
      securitySchemes: {
        secretKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'A secret key of the instance, `sk_test_…` or `sk_live_…`',
        },
      },
    },
  }
}

const apiVersion = {
  name: 'Clerk-API-Version',
  in: 'header',
  description: `The version to answer in. Default is ${apiVersions[0]}.`,
  schema: { type: 'string', enum: apiVersions },
}

function operation(endpoint: Endpoint, tag: string | undefined, schemas: Json): Json {
  const body = requestBody(endpoint, schemas)
  return {
    operationId: endpoint.operationId,
    ...(tag === undefined ? {} : { tags: [tag] }),
    security: endpoint.access === 'public' ? [] : [{ secretKey: [] }],
    parameters: [
      ...pathParameters(endpoint),
      ...queryParameters(endpoint, schemas),
      { $ref: '#/components/parameters/APIVersion' },
    ],
    ...(body ? { requestBody: body } : {}),
    responses: {
      [endpoint.status ?? 200]: response(endpoint, schemas),
      default: { $ref: '#/components/responses/ClerkErrors' },
    },
  }
}

function pathParameters({ path }: Endpoint): Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

/** Each value of a list is a parameter of its own, which is OpenAPI's default for lists. */
function queryParameters({ query }: Endpoint, schemas: Json): Json[] {
  if (!query) return []
  const { properties, required = [] } = toSchema(query, 'input', schemas) as { properties: Json; required?: string[] }
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

function requestBody({ api, body, file }: Endpoint, schemas: Json): Json | undefined {
  if (file) {
    const schema = {
      type: 'object',
      properties: { file: { type: 'string', contentMediaType: 'application/octet-stream' } },
      required: ['file'],
    }
    const bare = api === 'frontend' ? { 'application/octet-stream': {} } : {}
    return { required: true, content: { 'multipart/form-data': { schema }, ...bare } }
  }
  if (!body) return undefined
  const schema = toSchema(body, 'input', schemas)
  return { required: 'required' in schema, content: json(schema) }
}

function response({ status, list, answer }: Endpoint, schemas: Json): Json {
  if (status === 204 || (status === 202 && !answer)) return { description: 'Done' }
  const item = answer ? toSchema(answer.schema, 'output', schemas) : {}
  return { description: 'The answer', content: json(list ? listOf(item, list) : item) }
}

function listOf(item: Json, list: NonNullable<Endpoint['list']>): Json {
  const array = { type: 'array', items: item }
  const page = {
    type: 'object',
    properties: { data: array, total_count: { type: 'integer', minimum: 0 } },
    required: ['data', 'total_count'],
    additionalProperties: false,
  }
  return { array, page, paginated: { oneOf: [array, page] } }[list]
}

function json(schema: Json): Json {
  return { 'application/json': { schema } }
}

/** Converts a schema. Named schemas inside it are added to the shared ones and referenced. */
function toSchema(schema: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  const written = z.toJSONSchema(schema, {
    io,
    metadata: components,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => unbound(jsonSchema),
  })
  const {
    $schema: _,
    $defs,
    ...root
  } = JSON.parse(JSON.stringify(written).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json & { $defs?: Json }
  Object.assign(schemas, $defs)
  return root
}

/** Removes an integer's limits if they are only JavaScript's own, which tell a reader nothing. */
function unbound(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
}
