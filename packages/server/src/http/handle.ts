import type { z } from 'zod'
import { bearerKey } from './access.js'
import { readBody, readFile, refuseIllegalText } from './body.js'
import type { Endpoint, EndpointInput } from './endpoint.js'
import { errors } from './errors.js'
import { readQuery } from './query.js'
import { reply } from './reply.js'
import { toApiError } from './validation.js'
import { apiVersion, isSince, type ApiVersion } from './versions.js'

/** Finds the services of the instance that a secret key is of. */
export type Authenticate = (key: string) => Promise<unknown>

/** Answers a request with one endpoint: version, access, inputs, call, envelope. */
export async function handle(
  endpoint: Endpoint,
  request: Request,
  params: Record<string, string>,
  authenticate: Authenticate,
  traceId: string,
): Promise<Response> {
  const query = queryOf(request)
  const version = apiVersion(request.headers.get('clerk-api-version'), query)
  const services =
    endpoint.access === 'secret_key' ? await authenticate(bearerKey(request.headers.get('authorization'))) : undefined
  if (endpoint.access === 'secret_key' && services === undefined) throw errors.keyInvalid()
  const input: EndpointInput<Record<string, string>, unknown, unknown, unknown> = {
    params,
    query: endpoint.query ? parse(endpoint.query, checked(readQuery(query, endpoint.queryFields))) : {},
    body: endpoint.body ? parse(endpoint.body, await body(endpoint, request, version)) : {},
    file: endpoint.file ? await readFile(request) : undefined,
    services,
    version,
  }
  refuseIllegalText(params)
  const value = await endpoint.handler(input as never)
  return reply(endpoint, value, input.query as { paginated?: boolean }, traceId)
}

async function body(endpoint: Endpoint, request: Request, version: ApiVersion): Promise<unknown> {
  const value = checked((await readBody(request, endpoint.bodyFields)) as object)
  if (endpoint.removed && isSince(version, endpoint.removed.since)) {
    const removed = endpoint.removed.params.find((param) => param in value)
    if (removed) throw errors.paramUnknown(removed)
  }
  return value
}

function checked<T extends object>(values: T): T {
  refuseIllegalText(values)
  return values
}

function parse(schema: z.ZodObject, values: unknown): unknown {
  const result = schema.safeParse(values, { reportInput: true })
  if (!result.success) throw toApiError(result.error, Object.keys(schema.shape))
  return result.data
}

/** Most requests have no query: they are spared the parsing of their URL. */
function queryOf(request: Request): URLSearchParams | undefined {
  const at = request.url.indexOf('?')
  return at < 0 ? undefined : new URLSearchParams(request.url.slice(at + 1))
}
