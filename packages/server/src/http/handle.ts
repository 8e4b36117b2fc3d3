import type { InstanceContext } from '../instances/instance-context.js'
import { callerId, type Access, type Caller, type CallerOf, type Origin } from '../kernel/caller.js'
import { ApiError } from '../kernel/errors/api-error.js'
import { errors } from '../kernel/errors/errors.js'
import { frontendErrors } from '../kernel/errors/frontend-errors.js'
import type { Consume } from '../kernel/limits.js'
import type { OrganizationPermission } from '../kernel/organization-permission.js'
import { isSince, type ApiVersion } from '../kernel/versions.js'
import { camelCase } from '../kernel/wire.js'
import { refuseIllegalText } from '../kernel/legal-text.js'
import { BODY_LIMIT, MULTIPART_LIMIT, readBody, readFile } from './body.js'
import type { BrowserAnswer, WantedOfBrowser } from './browser-answer.js'
import type { BodySchema, Endpoint, HandlerInput } from './endpoint.js'
import { enforceLimits } from './limits.js'
import type { OperationApi } from './operations.js'
import { readQuery } from './query.js'
import { reply } from './reply.js'
import { toApiError } from './validation.js'
import type { ReadApiVersion } from './versions.js'
import { notesOf } from './watch.js'

/** An authenticated caller, and the services of its instance. */
export interface Authenticated<Kind extends Access = Access> {
  /** A new object for each request: where that came from is added to it. */
  caller: Omit<CallerOf<Kind>, keyof Origin>
  services: { context: InstanceContext }
  /** Whom an application's proxy speaks for, as it says with the secret key. */
  ipAddress?: string | undefined
  /** Where a browser is, if that is a place of the instance; see `Origin`. */
  frontendUrl?: string | undefined
  /** Of a test that has a token for that. */
  isUnlimited?: boolean
  /** Of a browser: looks at what a call has made of its client. Cookies alone cost far less than the client too. */
  browser?: (wanted: WantedOfBrowser) => Promise<BrowserAnswer>
  /** Of a signed-in person: throws unless they have the permission in the organization. */
  authorize?: (organizationId: string, permission: OrganizationPermission) => Promise<void>
}

/**
 * How callers are authenticated, by access word. Resolves to undefined for any other caller.
 *
 * @throws {ApiError} 401 for credentials that no caller of the kind could have
 */
export type Authenticate = {
  [Kind in Access]?: (request: Request, route: RequestRoute) => Promise<Authenticated<Kind> | undefined>
}

/** What method and path of a request say. */
export interface RequestRoute {
  operationId: string
  api: OperationApi
  /** Of the path, as on the wire. */
  params: Record<string, string>
  /** The instance that `/i/<instance id>` names. */
  instanceId: string | undefined
  isPrimaryOnly: boolean
}

export interface HandleOptions {
  authenticate: Authenticate
  consume: Consume
  apiVersion: ReadApiVersion
}

export interface HandledRequest {
  request: Request
  /** Of the path, as on the wire. */
  params: Record<string, string>
  instanceId: string | undefined
  origin: Origin
  /** Of the answer, beside those of every answer. */
  headers: Record<string, string>
}

/** Answers a request with one endpoint: version, access, limits, inputs, call, envelope. */
export async function handle(endpoint: Endpoint, handled: HandledRequest, options: HandleOptions): Promise<Response> {
  const authenticatedAs = await authenticated(endpoint, handled, options)
  try {
    return await call(endpoint, handled, authenticatedAs, options)
  } catch (thrown) {
    throw await withClient(thrown, authenticatedAs, handled, options)
  }
}

async function call(
  endpoint: Endpoint,
  { request, params, origin, headers }: HandledRequest,
  { caller: ids, services, ipAddress, frontendUrl, isUnlimited, browser, authorize }: Authenticated,
  options: HandleOptions,
): Promise<Response> {
  const search = queryOf(request)
  const version = versionOf(request, search, options)
  const caller = callerOf(ids, origin, ipAddress)
  const notes = notesOf(request)
  if (notes) notes.callerId = callerId(caller)
  if (frontendUrl !== undefined) caller.frontendUrl = frontendUrl
  if (isUnlimited) caller.isUnlimited = true
  refuseIllegalText(params)
  // Before limits are counted: outsiders must not use up those of an organization.
  if (endpoint.permission) await authorize!(organizationIdOf(params), endpoint.permission)
  await enforceLimits({ endpoint, params, caller, instance: services.context.instance }, options.consume)
  const splitAtCommas = endpoint.api === 'frontend'
  const query = endpoint.query
    ? parse(endpoint, endpoint.query, checked(readQuery(search, endpoint.queryFields, { splitAtCommas })))
    : {}
  const body = endpoint.body ? parse(endpoint, endpoint.body, await readStrictly(endpoint, request, version)) : {}
  const file = endpoint.file ? await readFile(request, { bare: endpoint.api === 'frontend' }) : undefined
  const input: HandlerInput<Access, unknown, unknown, unknown, unknown> = {
    params: rename(params),
    query: endpoint.renameQuery(query),
    body: endpoint.renameBody(body),
    file,
    caller: caller as CallerOf<Access>,
    services,
    version,
    request,
  }
  const value = await endpoint.handler(input as HandlerInput<never, never, never, never, never>)
  const seen = await browser?.({
    client: !endpoint.bare && !(value instanceof Response),
    isChanged: !endpoint.bare,
    traceId: origin.traceId,
    version,
  })
  return reply(endpoint, value, {
    context: services.context,
    version,
    query: query as { paginated?: boolean },
    traceId: origin.traceId!,
    headers,
    browser: seen,
  })
}

/** Adds to the ids in place: to spread them into a new object costs as much as reading a row, and it stays the same caller. */
function callerOf(ids: Authenticated['caller'], origin: Origin, ipAddress: string | undefined): Caller {
  const caller = ids as Caller
  caller.ipAddress = ipAddress ?? origin.ipAddress
  caller.userAgent = origin.userAgent
  caller.acceptLanguage = origin.acceptLanguage ?? null
  caller.traceId = origin.traceId
  if (origin.signal) caller.signal = origin.signal
  return caller
}

/** Errors after which a browser's client goes on with a session that it may not know yet. */
const WITH_CLIENT = new Set(['session_exists', 'identifier_already_signed_in', 'sign_up_if_missing_transfer'])

async function withClient(
  thrown: unknown,
  { browser }: Authenticated,
  { request, origin }: HandledRequest,
  options: HandleOptions,
): Promise<unknown> {
  if (!browser || !(thrown instanceof ApiError) || !thrown.errors.some(({ code }) => WITH_CLIENT.has(code)))
    return thrown
  const version = versionOf(request, queryOf(request), options)
  const { client } = await browser({ client: true, isChanged: true, traceId: origin.traceId, version })
  return thrown.withMeta({ client })
}

/** @throws {ApiError} 401 `clerk_key_invalid` or `signed_out` for a caller of no kind that the endpoint is for */
async function authenticated(
  { access, api, operationId, isPrimaryOnly = false }: Endpoint,
  { request, instanceId, params }: HandledRequest,
  { authenticate }: HandleOptions,
): Promise<Authenticated> {
  const kinds: readonly Access[] = typeof access === 'string' ? [access] : access
  for (const kind of kinds) {
    const known = authenticate[kind]
    if (!known)
      throw new TypeError(
        `${operationId} requires callers of the kind ${kind}, which this server does not authenticate`,
      )
    const found = await known(request, { api, instanceId, isPrimaryOnly, operationId, params })
    if (found) return found
  }
  throw api === 'frontend' ? frontendErrors.signedOut() : errors.keyInvalid()
}

/** The contract has both names. */
function organizationIdOf(params: Record<string, string>): string {
  return params['organization_id'] ?? params['organizationID']!
}

async function readStrictly(endpoint: Endpoint, request: Request, version: ApiVersion): Promise<unknown> {
  const list = endpoint.body?._zod.def.type === 'array'
  const limit = endpoint.largeBody ? MULTIPART_LIMIT : BODY_LIMIT
  const value = await readBody(request, endpoint.bodyFields, { list, limit })
  // Each item by itself, so that errors name the parameter and not the place in the list.
  for (const item of list ? (value as unknown[]) : [value]) {
    if (typeof item === 'object' && item !== null) refuseIllegalText(item)
    else if (typeof item === 'string') refuseIllegalText({ body: item })
  }
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

function parse({ faults }: Endpoint, schema: BodySchema, values: unknown): unknown {
  const result = schema.safeParse(values, { reportInput: true })
  if (result.success) return result.data
  const error = toApiError(result.error, Object.keys(('shape' in schema ? schema : schema.element).shape))
  throw faults === 'bad_request' ? errors.badRequest(error.errors[0]!.long_message) : error
}

/** There are few path parameters, so each name is converted only once. */
const camelNames = new Map<string, string>()

function rename(params: Record<string, string>): Record<string, string> {
  const renamed: Record<string, string> = {}
  for (const name in params) {
    let camel = camelNames.get(name)
    if (camel === undefined) camelNames.set(name, (camel = camelCase(name)))
    renamed[camel] = params[name]!
  }
  return renamed
}

function versionOf(request: Request, search: URLSearchParams | undefined, { apiVersion }: HandleOptions): ApiVersion {
  return apiVersion(request.headers.get('clerk-api-version'), search)
}

/** Most requests have no query, and their URL need not be parsed. */
function queryOf(request: Request): URLSearchParams | undefined {
  const at = request.url.indexOf('?')
  return at < 0 ? undefined : new URLSearchParams(request.url.slice(at + 1))
}
