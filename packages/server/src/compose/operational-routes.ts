import type { Context } from 'hono'
import type { Logger } from '../kernel/runtime.js'
import type { Database } from '../storage/database.js'
import { bearerKey } from '../http/access.js'
import type { Connection, ServerApp } from '../http/app.js'
import type { RequestMetrics } from '../http/metrics.js'
import { staticJson } from '../http/static-json.js'
import { readiness } from '../storage/readiness.js'

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/

interface OperationalRoutesOptions {
  database: Database
  metrics: RequestMetrics
  /** Resolves to undefined for an invalid key. */
  authenticate(key: string): Promise<unknown>
  /** The description of the API; called once. */
  openApi(): unknown
  logger: Logger
}

/** Routes for operators and machines: liveness, readiness, metrics and the description of the API. */
export function mountOperationalRoutes(app: ServerApp, options: OperationalRoutesOptions): void {
  app.get(
    '/livez',
    staticJson(() => ({ status: 'alive' })),
  )
  // `getHealth` of the Frontend API. Not an endpoint: it answers also where there is no instance yet.
  app.get(
    '/v1/health',
    staticJson(() => ({ status: 'healthy' })),
  )
  const isReady = readiness(options)
  app.get('/readyz', async () => {
    const ready = await isReady()
    return Response.json({ status: ready ? 'ready' : 'not ready' }, { status: ready ? 200 : 503 })
  })
  app.get('/v1/openapi.json', staticJson(options.openApi))
  app.get('/metrics', async (context) => {
    if (!isLocal(context) && !(await hasKey(context.req.header('authorization'), options)))
      return new Response('Metrics are for callers on this machine or with a secret key\n', { status: 401 })
    const { contentType, body } = await options.metrics.text()
    return new Response(body, { headers: { 'content-type': contentType } })
  })
}

async function hasKey(header: string | undefined, { authenticate }: OperationalRoutesOptions): Promise<boolean> {
  try {
    return (await authenticate(bearerKey(header))) !== undefined
  } catch {
    return false
  }
}

/** A request through a proxy on this machine comes from elsewhere, although its connection is local. */
function isLocal({ env, req }: Context<{ Bindings: Connection }>): boolean {
  const proxied = req.header('forwarded') ?? req.header('x-forwarded-for') ?? req.header('via')
  return proxied === undefined && LOOPBACK.test(env?.remoteAddress ?? '')
}
