import { Hono, type Context } from 'hono'
import type { Logger, Random } from '../runtime.js'
import { isBackendKey } from './access.js'
import { ApiError } from './api-error.js'
import type { Endpoint } from './endpoint.js'
import { errors } from './errors.js'
import { handle, type Authenticate } from './handle.js'
import type { RequestMetrics } from './metrics.js'
import { operations, type OperationApi } from './operations.js'
import { errorReply } from './reply.js'

export type ServerApp = Hono<{ Bindings: Connection }>

export interface AppOptions {
  endpoints: readonly Endpoint[]
  authenticate: Authenticate
  /** Turns what the layers below throw into an `ApiError`, or leaves it. */
  translateError(error: unknown): unknown
  metrics: RequestMetrics
  logger: Logger
  random: Random
  /** Routes beside the API: health, images and the like. */
  mount(app: ServerApp): void
}

/** Who is at the other end. */
export interface Connection {
  remoteAddress?: string
}

/** What answers on one method and path: an operation of either API, or of both. */
interface Route {
  method: string
  /** With `:p0`, `:p1` for the parameters, whose names differ between the APIs. */
  path: string
  answers: Partial<Record<OperationApi, Answer>>
}

interface Answer {
  operationId: string
  paramNames: string[]
  /** Undefined: not served yet. */
  endpoint: Endpoint | undefined
}

/** The whole server as one function from request to response. */
export function createApp(options: AppOptions): {
  fetch(request: Request, connection?: Connection): Promise<Response>
} {
  const app: ServerApp = new Hono({ strict: false })
  options.mount(app)
  for (const route of routes(options.endpoints)) {
    app.on(route.method, route.path, (context) => answer(options, route, context))
  }
  // Of the routes beside the API: `answer` has its own.
  app.onError((thrown, context) => {
    const traceId = newTraceId(options.random)
    return errorReply(toApiError(options, thrown, context.req.path, traceId), traceId)
  })
  app.notFound((context) => {
    const traceId = newTraceId(options.random)
    return errorReply(errors.routeNotFound(context.req.method, context.req.path), traceId)
  })
  return { fetch: async (request, connection) => app.fetch(request, connection) }
}

async function answer(options: AppOptions, { answers }: Route, context: Context): Promise<Response> {
  const started = performance.now()
  const traceId = newTraceId(options.random)
  const request = context.req.raw
  const chosen = choose(answers, request)
  let response: Response
  try {
    if (!chosen.endpoint) throw errors.notImplemented(chosen.operationId)
    const params = Object.fromEntries(chosen.paramNames.map((name, index) => [name, context.req.param(`p${index}`)!]))
    response = await handle(chosen.endpoint, request, params, options.authenticate, traceId)
  } catch (thrown) {
    response = errorReply(toApiError(options, thrown, chosen.operationId, traceId), traceId)
  }
  const seconds = (performance.now() - started) / 1000
  options.metrics.observe(chosen.operationId, response.status, seconds)
  options.logger.debug(
    { operationId: chosen.operationId, method: request.method, status: response.status, seconds, traceId },
    'Answered',
  )
  return response
}

/** A request with a secret or machine key goes to the Backend API where both have the path, any other to the Frontend API. */
function choose(answers: Route['answers'], request: Request): Answer {
  const { backend, frontend } = answers
  if (backend && frontend) return isBackendKey(request.headers.get('authorization')) ? backend : frontend
  return (backend ?? frontend)!
}

function toApiError(
  { logger, translateError }: AppOptions,
  thrown: unknown,
  operationId: string,
  traceId: string,
): ApiError {
  const error = translateError(thrown)
  if (error instanceof ApiError) return error
  logger.error({ err: error, operationId, traceId }, 'A request failed for a reason of ours')
  return errors.internal(traceId)
}

/** Static paths first, as `/users/count` would also match `/users/:p0`. */
function routes(endpoints: readonly Endpoint[]): Route[] {
  const served = new Map(endpoints.map((endpoint) => [endpoint.operationId, endpoint]))
  const byPath = new Map<string, Route>()
  for (const { api, method, path, alsoAt, operationId } of operations) {
    const endpoint = api === 'backend' ? served.get(operationId) : undefined
    for (const at of alsoAt ? [path, alsoAt] : [path]) {
      const paramNames = [...at.matchAll(/:(\w+)/g)].map((match) => match[1]!)
      let index = 0
      const pattern = at.replace(/:\w+/g, () => `:p${index++}`)
      const key = `${method} ${pattern}`
      const route = byPath.get(key) ?? { method, path: pattern, answers: {} }
      route.answers[api] = { operationId, paramNames, endpoint }
      byPath.set(key, route)
    }
  }
  return [...byPath.values()].sort((a, b) => (sortKey(a.path) < sortKey(b.path) ? -1 : 1))
}

/** Sorts parameters behind any name. */
function sortKey(path: string): string {
  return path.replaceAll(':', '\uFFFF')
}

function newTraceId(random: Random): string {
  return Buffer.from(random.bytes(16)).toString('hex')
}
