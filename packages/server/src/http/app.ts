import type { Pages } from '@latchkey/types'
import { Hono, type Context } from 'hono'
import { ApiError } from '../kernel/errors/api-error.js'
import { CLIENT_GONE, ClientGone } from '../kernel/errors/client-gone.js'
import { errors } from '../kernel/errors/errors.js'
import { inPlainWords } from '../kernel/errors/shown-errors.js'
import type { Logger, Random } from '../kernel/runtime.js'
import { isBackendKey } from './access.js'
import type { AddressOf } from './client-address.js'
import type { Endpoint } from './endpoint.js'
import type { Connection } from './connection.js'
import { corsHeaders, preflight } from './frontend/origin.js'
import { rewrite } from './frontend/rewrite.js'
import { handle, type HandleOptions } from './handle.js'
import type { RequestMetrics } from './metrics.js'
import { operations, type OperationApi } from './operations.js'
import { errorReply } from './reply.js'
import { newTraceId, originOfRequest } from './request-origin.js'
import { UnderWay } from './under-way.js'
import { createApiVersion } from './versions.js'
import { notesOf, watch } from './watch.js'

export type ServerApp = Hono<{ Bindings: Connection }>

export interface AppOptions extends Omit<HandleOptions, 'apiVersion'> {
  endpoints: readonly Endpoint[]
  /** Tells where a request came from, from its peer and its `X-Forwarded-For`. */
  addressOf: AddressOf
  /** Turns an error of the layers below into an `ApiError`, or returns it unchanged. */
  translateError(error: unknown): unknown
  metrics: RequestMetrics
  logger: Logger
  random: Random
  /** Routes beside the API: health, images and the like. */
  mount(app: ServerApp): void
  /** Told of each answered request, while somebody looks at them. */
  observe?: Pages['observe']
  /** Told of each answered request, for a log. */
  onAnswer?: (answered: AnsweredRequest) => void
}

/** A request as it stands in a log: without what was asked and answered. */
export interface AnsweredRequest {
  /** The `clerk_trace_id` of the answer's errors; undefined beside the API. */
  requestId: string | undefined
  method: string
  /** Undefined for what is no operation of an API. */
  operationId: string | undefined
  /** Without the query; only of what is no operation. */
  path: string | undefined
  status: number
  /** From the request to the head of the answer. */
  ms: number
  /** Who asked, as the audit trail names them: the id of the secret key, client, user or machine; null for anybody. */
  callerId: string | null
  /** The codes of the errors that it was answered with. */
  errorCodes: readonly string[]
}

/** The answers on one method and path: an operation of either API, or of both. */
interface Route {
  method: string
  /** With `:p0`, `:p1` for the parameters, whose names differ between the APIs. */
  path: string
  answers: Partial<Record<OperationApi, Answer>>
}

interface Answer {
  api: OperationApi
  operationId: string
  paramNames: string[]
  /** Undefined: not served yet. */
  endpoint: Endpoint | undefined
}

/** The whole server as one function from request to response. */
export function createApp(given: AppOptions): {
  fetch(request: Request, connection?: Connection): Promise<Response>
  /** Takes no more requests, and resolves once those under way are answered. */
  close(): Promise<void>
} {
  const options = { ...given, apiVersion: createApiVersion(given.logger) }
  const underWay = new UnderWay()
  const app: ServerApp = new Hono({ strict: false })
  options.mount(app)
  for (const route of routes(options.endpoints)) {
    app.on(route.method, route.path, (context) => answer(options, route, context))
    if (!route.answers.frontend) continue
    app.options(route.path, ({ req }) => preflight(req.raw) ?? notFound(options, req.method, req.path))
  }
  // For the routes beside the API; `answer` handles its own errors.
  app.onError((thrown, context) => {
    return fail(options, thrown, context.req.path, newTraceId(options.random))
  })
  app.notFound(({ req }) => notFound(options, req.method, req.path))
  const isWatched = options.observe !== undefined || options.onAnswer !== undefined
  return {
    fetch: (request, connection) => {
      if (underWay.isClosing) return Promise.resolve(errorReply(errors.closing(), newTraceId(options.random)))
      const { request: plain, instanceId } = rewrite(request)
      const environment = instanceId === undefined ? connection : { ...connection, instanceId }
      return underWay.run(() => (isWatched ? watched(options, plain, environment, app) : app.fetch(plain, environment)))
    },
    close: () => underWay.close(),
  }
}

function notFound({ random }: AppOptions, method: string, path: string): Response {
  return errorReply(errors.routeNotFound(method, path), newTraceId(random))
}

/** Characters of a path in a log. */
const LONGEST_PATH = 200

async function watched(
  { observe, onAnswer }: AppOptions,
  request: Request,
  connection: Connection | undefined,
  app: ServerApp,
): Promise<Response> {
  const started = performance.now()
  const notes = watch(request)
  const response = await app.fetch(request, connection)
  const { operationId, traceId, callerId, errorCodes, decisions } = notes
  const milliseconds = performance.now() - started
  observe?.({ request, response, operationId, errorCodes, decisions, milliseconds })
  onAnswer?.({
    requestId: traceId,
    method: request.method,
    operationId,
    path: operationId === undefined ? new URL(request.url).pathname.slice(0, LONGEST_PATH) : undefined,
    status: response.status,
    ms: Math.round(milliseconds * 10) / 10,
    callerId,
    errorCodes,
  })
  return response
}

async function answer(
  options: AppOptions & HandleOptions,
  { answers }: Route,
  context: Context<{ Bindings: Connection }>,
): Promise<Response> {
  const started = performance.now()
  const traceId = newTraceId(options.random)
  const request = context.req.raw
  const chosen = choose(answers, request)
  const headers = chosen.api === 'frontend' ? corsHeaders(request) : {}
  const notes = notesOf(request)
  if (notes) {
    notes.operationId = chosen.operationId
    notes.traceId = traceId
  }
  let response: Response
  try {
    if (!chosen.endpoint) throw errors.notImplemented(chosen.operationId)
    const params: Record<string, string> = {}
    for (const [index, name] of chosen.paramNames.entries()) params[name] = context.req.param(`p${index}`)!
    const origin = originOfRequest(request, context.env, options.addressOf, traceId)
    const { instanceId } = context.env ?? {}
    response = await handle(chosen.endpoint, { request, params, origin, instanceId, headers }, options)
  } catch (thrown) {
    response = fail(options, thrown, chosen.operationId, traceId, { isForPeople: chosen.api === 'frontend', headers })
    notes?.errorCodes.push(...codesOf(options.translateError(thrown)))
  }
  const seconds = (performance.now() - started) / 1000
  options.metrics.observe(chosen.operationId, response.status, seconds)
  return response
}

function codesOf(error: unknown): string[] {
  return error instanceof ApiError ? error.errors.map(({ code }) => code) : []
}

/**
 * If both APIs have the path, a request with a secret or machine key goes to the Backend API, any other to the Frontend
 * API.
 */
function choose(answers: Route['answers'], request: Request): Answer {
  const { backend, frontend } = answers
  if (backend && frontend) return isBackendKey(request.headers.get('authorization')) ? backend : frontend
  return (backend ?? frontend)!
}

/** @param isForPeople what is wrong is shown to them as it is said */
function fail(
  { logger, translateError }: AppOptions,
  thrown: unknown,
  operationId: string,
  traceId: string,
  { isForPeople = false, headers = {} }: { isForPeople?: boolean; headers?: Record<string, string> } = {},
): Response {
  const error = translateError(thrown)
  if (error instanceof ApiError) return errorReply(isForPeople ? inPlainWords(error) : error, traceId, headers)
  if (error instanceof ClientGone) {
    logger.debug({ err: error, operationId, traceId }, 'A client hung up')
    return new Response(null, { status: CLIENT_GONE, headers })
  }
  logger.error({ err: error, operationId, traceId }, 'Unhandled error')
  return errorReply(errors.internal(traceId), traceId, headers)
}

/** Static paths first, as `/users/count` would also match `/users/:p0`. */
function routes(endpoints: readonly Endpoint[]): Route[] {
  const served = new Map(endpoints.map((endpoint) => [`${endpoint.api} ${endpoint.operationId}`, endpoint]))
  const byPath = new Map<string, Route>()
  for (const { api, method, path, alsoAt, operationId } of operations) {
    const endpoint = served.get(`${api} ${operationId}`)
    for (const at of alsoAt ? [path, alsoAt] : [path]) {
      const paramNames = [...at.matchAll(/:(\w+)/g)].map((match) => match[1]!)
      let index = 0
      const pattern = at.replace(/:\w+/g, () => `:p${index++}`)
      const key = `${method} ${pattern}`
      const route = byPath.get(key) ?? { method, path: pattern, answers: {} }
      route.answers[api] = { api, operationId, paramNames, endpoint }
      byPath.set(key, route)
    }
  }
  return [...byPath.values()].sort((a, b) => (sortKey(a.path) < sortKey(b.path) ? -1 : 1))
}

/** Sorts parameters after any name. */
function sortKey(path: string): string {
  return path.replaceAll(':', '\uFFFF')
}
