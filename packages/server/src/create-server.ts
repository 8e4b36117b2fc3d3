import { randomBytes } from 'node:crypto'
import { Admin, type CreatedInstance, type CreateInstanceOptions } from './admin.js'
import { backendEndpoints } from './endpoints.js'
import { createApp } from './http/app.js'
import { errors } from './http/errors.js'
import { RequestMetrics } from './http/metrics.js'
import { createOpenApi } from './http/openapi.js'
import { mountOperationalRoutes } from './http/operational-routes.js'
import { ImageTransformer } from './images/index.js'
import { createTransports, startDelivery, type DeliveryOptions } from './messages/delivery.js'
import { createBreachChecker, PasswordHasher, QueueFull, type PasswordHasherOptions } from './passwords/index.js'
import { mountImageRoutes } from './resources/images/image-routes.js'
import { InstanceRegistry } from './resources/instances/instance-registry.js'
import {
  createIds,
  silentLogger,
  systemClock,
  systemRandom,
  type Clock,
  type Ids,
  type Logger,
  type Random,
} from './runtime.js'
import { createVault } from './secrets/vault.js'
import type { Database } from './storage/database.js'
import { openDatabase } from './storage/open-database.js'
import { migrate, requireCurrentSchema } from './storage/migrate.js'
import { VERSION } from './version.js'

export interface ServerOptions extends DeliveryOptions {
  /** A path, `:memory:` or `postgres://…`. Default is `:memory:`. */
  database?: string
  /** 32 bytes as base64 or hex, the same on every node. Default is a new one, which suits only a database in memory. */
  encryptionKey?: string
  /** The base of every URL that is handed out, or a function that knows it when one is. Default is `http://127.0.0.1:4400`. */
  publicUrl?: string | (() => string)
  /** Brings the schema up to date. Default is true; with false a schema that is not current is refused. */
  migrate?: boolean
  /** Connections to PostgreSQL. Default is 8. */
  poolSize?: number
  /** How dear password hashes are and how many wait. */
  passwords?: PasswordHasherOptions
  /** The range service that knows breached passwords, beside the built-in list. Default is none. */
  breachedPasswordsUrl?: string
  fetch?: typeof fetch
  clock?: Clock
  random?: Random
  ids?: Ids
  logger?: Logger
}

export interface Server {
  /** Answers a request of either API. */
  fetch(request: Request, connection?: { remoteAddress?: string }): Promise<Response>
  createInstance(options?: CreateInstanceOptions): Promise<CreatedInstance>
  admin: Admin
  /** For tools and tests that look into the database. */
  database: Database
  close(): Promise<void>
}

/**
 * Opens the database and puts the server together. It opens no port and reads no environment variable.
 *
 * @throws {DeliverySettingError} when mail or text messages cannot be sent as the options say
 * @throws {SchemaError} when the schema is newer than the program or, with `migrate: false`, older
 */
export async function createServer(options: ServerOptions = {}): Promise<Server> {
  const { clock = systemClock, random = systemRandom, logger = silentLogger } = options
  const {
    ids = createIds(clock, random),
    publicUrl: base = 'http://127.0.0.1:4400',
    encryptionKey = randomBytes(32).toString('base64'),
  } = options
  const publicUrl = toFunction(base)
  const vault = createVault(encryptionKey, random)
  const transports = createTransports(options, options.fetch ?? globalThis.fetch)
  const opened = await openDatabase({
    location: options.database ?? ':memory:',
    ...(options.poolSize === undefined ? {} : { poolSize: options.poolSize }),
  })
  try {
    if (options.migrate === false) await requireCurrentSchema(opened)
    else await migrate(opened, clock.now())
  } catch (error) {
    await opened.close()
    throw error
  }
  const delivery = startDelivery(transports, { database: opened, clock, logger })
  const { database } = delivery

  const imageTransformer = new ImageTransformer()
  const registry = new InstanceRegistry({
    database,
    clock,
    random,
    ids,
    logger,
    vault,
    publicUrl,
    messageQueued: delivery.queued,
    imageTransformer,
    passwords: new PasswordHasher(options.passwords),
    breaches: createBreachChecker({
      ...(options.breachedPasswordsUrl === undefined ? {} : { rangeUrl: options.breachedPasswordsUrl }),
      ...(options.fetch ? { fetch: options.fetch } : {}),
      onError: (error) => logger.warn({ err: error }, 'The range service of breached passwords could not be asked'),
    }),
  })
  const metrics = new RequestMetrics()
  const authenticate = (key: string) => registry.authenticate(key)
  const app = createApp({
    endpoints: backendEndpoints,
    authenticate,
    translateError: (error) => (error instanceof QueueFull ? errors.overloaded() : error),
    metrics,
    logger,
    random,
    mount: (hono) => {
      mountOperationalRoutes(hono, {
        database,
        metrics,
        authenticate,
        logger,
        openApi: () => createOpenApi(backendEndpoints, { publicUrl: publicUrl(), version: VERSION }),
      })
      mountImageRoutes(hono, { database, imageTransformer, random })
    },
  })
  const admin = new Admin({ registry, database, clock, ids, random, publicUrl })

  return {
    fetch: (request, connection) => app.fetch(request, connection),
    createInstance: (instance) => admin.createInstance(instance),
    admin,
    database,
    async close() {
      await delivery.stop()
      await database.close()
    },
  }
}

/** Tells the base of URLs without slashes at its end. */
function toFunction(publicUrl: string | (() => string)): () => string {
  const trim = (url: string) => url.replace(/\/+$/, '')
  if (typeof publicUrl === 'function') return () => trim(publicUrl())
  const trimmed = trim(publicUrl)
  return () => trimmed
}
