import type { OperatorKeys } from '../instances/operator-keys.store.js'
import type { Logger } from '../kernel/runtime.js'
import type { Database } from '../storage/database.js'
import { bearerKey } from '../http/access.js'
import type { ServerApp } from '../http/app.js'
import type { RequestMetrics } from '../http/metrics.js'
import { staticJson } from '../http/static-json.js'
import { readiness } from '../storage/readiness.js'

interface OperationalRoutesOptions {
  database: Database
  metrics: RequestMetrics
  operatorKeys: OperatorKeys
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
    // The metrics tell of all instances. An address proves nothing: a proxy on this machine has it too.
    if (!(await hasKey(context.req.header('authorization'), options)))
      return new Response('Metrics need an operator key. Make one with: latchkey keys create --operator\n', {
        status: 401,
      })
    const { contentType, body } = await options.metrics.text()
    return new Response(body, { headers: { 'content-type': contentType } })
  })
}

async function hasKey(header: string | undefined, { operatorKeys }: OperationalRoutesOptions): Promise<boolean> {
  const key = keyIn(header)
  return key !== undefined && operatorKeys.accepts(key)
}

function keyIn(header: string | undefined): string | undefined {
  try {
    return bearerKey(header)
  } catch {
    return undefined
  }
}
