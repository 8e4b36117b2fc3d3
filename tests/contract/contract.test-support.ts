import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { describe, it } from 'vitest'
import { type Amendment, amendments, frontendAmendments, webhookAmendments } from './amendments.test-support.js'
import { isObject, type JsonObject, resolve, toJsonSchema } from './json-schema.test-support.js'

/** The folder with the API descriptions, where there is one. */
export const contractFolder = process.env.LATCHKEY_CONTRACT

const meta = { needs: 'LATCHKEY_CONTRACT' } as const

/** A suite that is skipped without the contract. Where it is, the end of the run names it. */
export function describeWithContract(name: string, body: () => void): void {
  describe.runIf(contractFolder)(name, { meta }, body)
}

/** A test that is skipped without the contract. Where it is, the end of the run names it. */
export function itWithContract(name: string, body: () => void | Promise<void>): void {
  it.runIf(contractFolder)(name, { meta }, body)
}

/** Lists that are bare arrays, and `{data, total_count}` with `paginated=true`; the contract shows the array only. */
const wrappedOnRequest = new Set([
  'GetClientList',
  'GetOAuthAccessToken',
  'GetSessionList',
  'GetTemplateList',
  'ListAllowlistIdentifiers',
  'ListInvitations',
  'ListJWTTemplates',
  'ListRedirectURLs',
])

/** Operations whose answer has a body that the contract does not describe. */
const bodyLeftOut = new Set(['createDevBrowser', 'verify'])

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const

export interface ValidateOptions {
  /** The request had `paginated=true`: asks for the envelope, and otherwise for the bare array. Default: either. */
  paginated?: boolean
}

export interface Contract {
  /**
   * Compares a response with its description. `body` is the parsed JSON, undefined or '' where there is none.
   *
   * @throws {Error} Naming each place that differs; or when the operation or its status is not described.
   */
  validateResponse(operationId: string, status: number, body: unknown, options?: ValidateOptions): void
  /** Compares a webhook's whole payload with the description of its `type`. */
  validateEvent(payload: { type: string }): void
}

/**
 * The API descriptions in `LATCHKEY_CONTRACT`; where it is not set, and for what they leave out, `own`, which is any
 * OpenAPI 3.0 or 3.1 document.
 */
export function openContract(api: 'backend' | 'frontend', own?: JsonObject): Contract {
  const described = contractFolder ? readContract(contractFolder, api) : []
  return createContract(own ? [...described, () => new Description(own)] : described)
}

/** A contract of the given documents; the first that describes an operation or an event decides. */
export function createContract(sources: readonly (() => Description)[]): Contract {
  const opened = new Map<() => Description, Description>()
  const descriptions = function* () {
    for (const source of sources) {
      const description = opened.get(source) ?? source()
      opened.set(source, description)
      yield description
    }
  }
  const check = (what: string, find: (description: Description) => ValidateFunction | undefined, value: unknown) => {
    for (const description of descriptions()) {
      const validate = find(description)
      if (!validate) continue
      if (validate(value)) return
      throw new Error(`${what} does not match its description:\n${explain(validate.errors ?? [])}`)
    }
    throw new Error(`${what} is not described${sources.length === 0 ? '; LATCHKEY_CONTRACT is not set' : ''}.`)
  }
  return {
    validateResponse: (operationId, status, body, options = {}) =>
      check(
        `${operationId} ${status}`,
        (description) => description.response(operationId, status, options, body),
        body ?? null,
      ),
    validateEvent: (payload) => check(payload.type, (description) => description.event(payload.type), payload),
  }
}

function readContract(folder: string, api: 'backend' | 'frontend'): (() => Description)[] {
  const older = readdirSync(folder).filter((file) => new RegExp(`^${api}-api-[\\d-]+\\.json$`).test(file))
  // The newest version decides; an operation it has lost is described by the last version that had it.
  const files = [`${api}-api.json`, ...older.sort().reverse(), 'webhooks.json']
  return files.map((file) => () => {
    const document = JSON.parse(readFileSync(join(folder, file), 'utf8')) as JsonObject
    if (file === 'webhooks.json') return new Description(document, webhookAmendments)
    return new Description(
      document,
      api === 'frontend' && file === 'frontend-api.json' ? frontendAmendments : amendments,
    )
  })
}

/** One OpenAPI document; each schema is compiled when it is first asked for. */
export class Description {
  private readonly document: JsonObject
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true, verbose: true, validateFormats: false })
  private readonly compiled = new Map<string, ValidateFunction>()
  private readonly responses = new Map<string, JsonObject>()

  constructor(document: JsonObject, changes: readonly Amendment[] = []) {
    this.document = toJsonSchema(amend(document, changes))
    this.ajv.addSchema(this.document, 'api')
    for (const item of Object.values(this.at('paths'))) {
      for (const method of METHODS) {
        const operation = isObject(item) && isObject(item[method]) ? item[method] : {}
        const { operationId, responses } = operation
        if (typeof operationId === 'string' && isObject(responses)) this.responses.set(operationId, responses)
      }
    }
  }

  response(operationId: string, status: number, options: ValidateOptions, body: unknown): ValidateFunction | undefined {
    const responses = this.responses.get(operationId)
    if (!responses) return undefined
    const described = responses[status] ?? responses.default
    const response = described ?? (status >= 400 ? this.errorBody() : undefined)
    if (!response) {
      throw new Error(`${operationId} ${status} is not described, but ${Object.keys(responses).join(', ')}.`)
    }
    // A few operations describe an error in words only; its body is the one that all have.
    const schema =
      jsonSchemaOf(resolve(this.document, response)) ??
      (status >= 400 ? jsonSchemaOf(this.errorBody() ?? {}) : undefined)
    if (!schema)
      return this.compile(
        `no content ${bodyLeftOut.has(operationId)}`,
        bodyLeftOut.has(operationId) ? {} : { enum: ['', null] },
      )
    const wrapped = status < 300 && wrappedOnRequest.has(operationId) && (options.paginated ?? isObject(body))
    return this.compile(`${operationId} ${status} ${wrapped}`, wrapped ? envelope(schema) : schema)
  }

  event(type: string): ValidateFunction | undefined {
    const events = this.document.webhooks ? this.at('webhooks') : this.at('x-webhooks')
    const item = events[type]
    if (!isObject(item)) return undefined
    const body = isObject(item.post) ? item.post.requestBody : undefined
    const schema = jsonSchemaOf(resolve(this.document, body))
    return schema && this.compile(type, schema)
  }

  /** What answers from 400 on look like where the operation does not describe the status. */
  private errorBody(): JsonObject | undefined {
    const schemas = this.at('components').schemas
    const schema = isObject(schemas) ? schemas.ClerkErrors : undefined
    return isObject(schema) ? { content: { 'application/json': { schema } } } : undefined
  }

  private at(key: string): JsonObject {
    const value = this.document[key]
    return isObject(value) ? value : {}
  }

  private compile(name: string, schema: JsonObject): ValidateFunction {
    const validate = this.compiled.get(name) ?? this.ajv.compile(absolute(schema))
    this.compiled.set(name, validate)
    return validate
  }
}

function jsonSchemaOf({ content }: JsonObject): JsonObject | undefined {
  const media = isObject(content) ? content['application/json'] : undefined
  return isObject(media) && isObject(media.schema) ? media.schema : undefined
}

/** A schema taken out of its document finds the others through the document's name. */
function absolute(schema: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"api#/')) as JsonObject
}

function envelope(list: JsonObject): JsonObject {
  return {
    type: 'object',
    properties: { data: list, total_count: { type: 'integer', minimum: 0 } },
    required: ['data', 'total_count'],
    additionalProperties: false,
  }
}

function amend(document: JsonObject, changes: readonly Amendment[]): JsonObject {
  const copy = structuredClone(document)
  const schemas = resolve(copy, (copy.components as JsonObject).schemas)
  for (const { schema, property, becomes } of changes) {
    const target = schemas[schema]
    if (isObject(target) && isObject(target.properties)) target.properties[property] = becomes
  }
  return copy
}

/** Keywords that only repeat what the errors beside them say. */
const ECHOES = new Set(['oneOf', 'anyOf', 'not'])
const SHOWN_ERRORS = 12

function explain(errors: readonly ErrorObject[]): string {
  const telling = errors.filter(({ keyword }) => !ECHOES.has(keyword))
  const lines = (telling.length > 0 ? telling : errors).map(({ instancePath, keyword, message, params, data }) => {
    const details = params.allowedValues ?? params.additionalProperty ?? params.unevaluatedProperty
    const expected = details === undefined ? '' : ` (${[details].flat().map(String).join(', ')})`
    const got = keyword === 'required' ? '' : `, got ${(JSON.stringify(data) ?? 'nothing').slice(0, 80)}`
    return `  ${instancePath || '/'} ${message}${expected}${got}`
  })
  const hidden = lines.length - SHOWN_ERRORS
  return [...lines.slice(0, SHOWN_ERRORS), ...(hidden > 0 ? [`  and ${hidden} more`] : [])].join('\n')
}
