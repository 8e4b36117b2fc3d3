import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { toCamelCase } from '../core/parameters.js'
import {
  isObject,
  resolve,
  toJsonSchema,
  type Json,
  type JsonObject,
} from '../../../../tests/contract/json-schema.test-support.js'

const METHODS = ['get', 'post', 'put', 'patch', 'delete']

export interface Operation {
  operationId: string
  /** Names of the parameters in the query. */
  query: string[]
  /** What its parameters, by their names in the SDK, may be at most or must be at least. */
  limits: { parameter: string; limit: number }[]
  /** The statuses of its errors. */
  errors: number[]
  /** A body for its answer: all of it, or as little as is allowed. Undefined where it has none. */
  sample(amount: 'full' | 'least'): Json | undefined
  /** What is wrong with a body, or nothing. */
  check(body: unknown): string | undefined
}

/** Finds operations of the Backend API, in its newest version or the last that has them. */
export class ApiDescription {
  private readonly documents: JsonObject[]

  constructor(folder: string) {
    const older = readdirSync(folder).filter((file) => /^backend-api-[\d-]+\.json$/.test(file))
    const files = ['backend-api.json', ...older.toSorted().toReversed()]
    this.documents = files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as JsonObject)
  }

  /** Ids of all operations of the newest version. */
  get operationIds(): string[] {
    const paths = Object.values(this.documents[0]!['paths'] as JsonObject) as JsonObject[]
    return paths.flatMap((item) =>
      METHODS.flatMap((method) => (isObject(item[method]) ? (item[method]['operationId'] as string) : [])),
    )
  }

  /** @param path without version and query */
  find(method: string, path: string): Operation | undefined {
    for (const document of this.documents) {
      // Literal segments come before those that take anything.
      const templates = Object.keys(document['paths'] as JsonObject).toSorted(
        (a, b) => a.split('{').length - b.split('{').length,
      )
      for (const template of templates) {
        const item = (document['paths'] as JsonObject)[template] as JsonObject
        const pattern = new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`)
        const operation = pattern.test(path) ? item[method.toLowerCase()] : undefined
        if (isObject(operation)) return toOperation(document, item, operation)
      }
    }
    return undefined
  }
}

function toOperation(document: JsonObject, item: JsonObject, operation: JsonObject): Operation {
  const parameters = [item['parameters'], operation['parameters']].flatMap((list) => (Array.isArray(list) ? list : []))
  const responses = operation['responses'] as JsonObject
  return {
    operationId: operation['operationId'] as string,
    query: parameters
      .map((parameter) => resolve(document, parameter))
      .filter((parameter) => parameter['in'] === 'query')
      .map(({ name }) => name as string),
    limits: limitsOf(
      document,
      parameters.map((parameter) => resolve(document, parameter)),
      operation,
    ),
    errors: Object.keys(responses)
      .map(Number)
      .filter((status) => status >= 400),
    sample(amount) {
      const status = Object.keys(responses).find((code) => code < '300')
      const schema = status && schemaOf(resolve(document, responses[status]))
      return schema ? sampleOf(document, schema, '', amount) : undefined
    },
    check(body) {
      const described = operation['requestBody'] ? schemaOf(resolve(document, operation['requestBody'])) : undefined
      if (!described) return body === undefined ? undefined : 'It takes no body.'
      const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false })
      const schemas = toJsonSchema({ ...document, paths: {}, body: described })
      ajv.addSchema(schemas, 'api')
      const validate = ajv.compile({ $ref: 'api#/body', unevaluatedProperties: false })
      return validate(body ?? {}) ? undefined : ajv.errorsText(validate.errors)
    },
  }
}

const LIMITS = ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems']

/** Those of the query and of the body, or of each item of a body that is a list; 0 and 1 are what nobody would miss. */
function limitsOf(document: JsonObject, parameters: JsonObject[], operation: JsonObject): Operation['limits'] {
  const body = operation['requestBody'] ? schemaOf(resolve(document, operation['requestBody'])) : undefined
  const whole = body && resolve(document, body)
  const properties = whole && resolve(document, whole['items'] ?? whole)['properties']
  const query = parameters
    .filter((parameter) => parameter['in'] === 'query')
    .map((parameter) => [parameter['name'], parameter['schema']] as [string, Json])
  return [...query, ...Object.entries((properties ?? {}) as JsonObject)].flatMap(([name, schema]) =>
    LIMITS.map((limit) => resolve(document, schema)[limit])
      .filter((limit): limit is number => typeof limit === 'number' && limit > 1)
      .map((limit) => ({ parameter: toCamelCase(name), limit })),
  )
}

function schemaOf({ content }: JsonObject): JsonObject | undefined {
  const media = isObject(content) ? content['application/json'] : undefined
  return isObject(media) && isObject(media['schema']) ? media['schema'] : undefined
}

function sampleOf(
  document: JsonObject,
  schema: Json | undefined,
  name: string,
  amount: 'full' | 'least',
  depth = 0,
): Json {
  const { type, nullable, ...rest } = resolve(document, schema)
  const sub = (inner: Json | undefined, as = name): Json => sampleOf(document, inner, as, amount, depth + 1)
  if (nullable === true && amount === 'least') return null
  if (Array.isArray(rest['enum'])) return rest['enum'].find((value) => value !== null) ?? null
  if (Array.isArray(rest['allOf'])) return Object.assign({}, ...rest['allOf'].map((part) => sub(part))) as JsonObject
  if (rest['properties']) return sampleObject(rest, amount, sub)
  const choices = (rest['anyOf'] ?? rest['oneOf']) as JsonObject[] | undefined
  if (choices) return sub(choices[0])
  if (type === 'array') return amount === 'full' && depth < 9 ? [sub(rest['items'] as JsonObject)] : []
  if (type === 'object') return sampleObject(rest, amount, sub)
  if (type === 'boolean') return amount === 'full'
  if (type === 'integer' || type === 'number')
    return /_(at|date)$|^(date|expiration)$/.test(name) ? 1_700_000_000_000 : 7
  if (/url/.test(name)) return `https://example.com/${name}`
  return rest['format'] === 'date-time' ? '2026-01-02T03:04:05Z' : `${name}_1`
}

function sampleObject(
  schema: JsonObject,
  amount: 'full' | 'least',
  sub: (inner: Json, as: string) => Json,
): JsonObject {
  const properties = (schema['properties'] ?? {}) as JsonObject
  const required = (schema['required'] ?? []) as string[]
  const names = Object.keys(properties).filter((name) => amount === 'full' || required.includes(name))
  if (Object.keys(properties).length === 0) return { snake_case: 1, camelCase: { inner_key: 2 } }
  return Object.fromEntries(names.map((name) => [name, sub(properties[name]!, name)]))
}
