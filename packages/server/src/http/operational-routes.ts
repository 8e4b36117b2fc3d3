import type { Context } from 'hono'
import type { Logger } from '../runtime.js'
import type { Database } from '../storage/database.js'
import { bearerKey } from './access.js'
import type { Connection, ServerApp } from './app.js'
import type { RequestMetrics } from './metrics.js'

/** Ready means that a write came back within this, in milliseconds. */
const READY_WITHIN = 1000
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/

interface OperationalRoutesOptions {
  database: Database
  metrics: RequestMetrics
  authenticate(key: string): Promise<unknown>
  /** The description of the API; asked for once. */
  openApi(): unknown
  logger: Logger
}

/** What operators and machines ask a server: is it alive, is it ready, how much does it do, what does it serve. */
export function mountOperationalRoutes(app: ServerApp, options: OperationalRoutesOptions): void {
  app.get('/livez', () => Response.json({ status: 'alive' }))
  app.get('/v1/health', () => Response.json({ status: 'ok' }))
  const isReady = readiness(options)
  app.get('/readyz', async () => {
    const ready = await isReady()
    return Response.json({ status: ready ? 'ready' : 'not ready' }, { status: ready ? 200 : 503 })
  })
  let openApi: unknown
  app.get('/v1/openapi.json', () => Response.json((openApi ??= options.openApi())))
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

/** What came through a proxy on this machine is from somewhere else, though the connection is from here. */
function isLocal({ env, req }: Context<{ Bindings: Connection }>): boolean {
  const proxied = req.header('forwarded') ?? req.header('x-forwarded-for') ?? req.header('via')
  return proxied === undefined && LOOPBACK.test(env?.remoteAddress ?? '')
}

/** Whoever asks while a write is under way waits for that one: anybody may ask, and each write is a sync to the disk. */
function readiness({ database, logger }: OperationalRoutesOptions): () => Promise<boolean> {
  let underWay: Promise<void> | undefined
  const write = () => {
    underWay ??= database
      .transaction(async (tx) => {
        await tx
          .updateTable('schema_migrations')
          .set((eb) => ({ applied_at: eb.ref('applied_at') }))
          .execute()
      })
      .finally(() => {
        underWay = undefined
      })
    return underWay
  }
  return async () => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`The database took no write within ${READY_WITHIN} ms`)), READY_WITHIN)
    })
    try {
      await Promise.race([write(), late])
      return true
    } catch (error) {
      logger.error({ err: error }, 'Not ready')
      return false
    } finally {
      clearTimeout(timer)
    }
  }
}
