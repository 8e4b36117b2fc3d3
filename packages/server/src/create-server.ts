import { randomBytes } from 'node:crypto'
import type { CreatePages, PageMessage } from '@latchkey/types'
import { Admin, type CreatedInstance, type CreateInstanceOptions } from './compose/admin.js'
import { createAuthenticate } from './compose/authenticate.js'
import { backendEndpoints, frontendEndpoints } from './compose/endpoints.js'
import { Frontends } from './compose/frontends.js'
import { mountOperationalRoutes } from './compose/operational-routes.js'
import { createPagesOf, mountPages } from './compose/page-routes.js'
import { InstanceRegistry } from './compose/registry.js'
import { removals } from './compose/removals.js'
import { createApp, type AnsweredRequest } from './http/app.js'
import { createAddressOf, TrustedProxies } from './http/client-address.js'
import { RequestMetrics } from './http/metrics.js'
import { createOpenApi } from './http/openapi.js'
import { system } from './kernel/caller.js'
import { OperatorKeys } from './instances/operator-keys.store.js'
import { ClientGone } from './kernel/errors/client-gone.js'
import { errors } from './kernel/errors/errors.js'
import {
  createIds,
  silentLogger,
  systemClock,
  systemRandom,
  type Clock,
  type Ids,
  type Logger,
  type Random,
} from './kernel/runtime.js'
import { VERSION } from './kernel/version.js'
import { ImageTransformer } from './lib/images/index.js'
import { createGuardedOutgoing } from './lib/outgoing/guarded-outgoing.js'
import { createTxtLookup, type TxtLookup } from './lib/outgoing/txt-lookup.js'
import { withoutEndSlashes } from './lib/urls.js'
import {
  createBreachChecker,
  PasswordHasher,
  QueueFull,
  TaskAbandoned,
  type PasswordHasherOptions,
} from './lib/passwords/index.js'
import { createVault } from './lib/secrets/vault.js'
import { removeOldEntries } from './outbox/audit.js'
import { Jobs, type Job } from './outbox/jobs.js'
import { DeliveryStore } from './outbox/messages/delivery-store.js'
import {
  codeExpiry,
  createTransports,
  startDelivery,
  suppressionExpiry,
  type DeliveryOptions,
} from './outbox/messages/delivery.js'
import { RecentMessages } from './outbox/messages/recent-messages.js'
import { startWebhooks, webhookRemovals, type WebhookOptions } from './outbox/webhooks/webhooks.js'
import { mountProxyHealth } from './resources/domains/proxy-health.routes.js'
import { mountEventRoutes } from './resources/events/events.routes.js'
import { mountImageRoutes } from './resources/images/images.routes.js'
import { unfinishedEnrolments } from './resources/organization-domains/organization-enrolment.worker.js'
import { PublicImages } from './resources/images/public-images.service.js'
import { PublicImageStore } from './resources/images/public-images.store.js'
import { mountSvixRoutes } from './resources/webhook-endpoints/svix.routes.js'
import { createConsume } from './storage/consume.js'
import type { Database } from './storage/database.js'
import { migrate, requireCurrentSchema } from './storage/migrate.js'
import { openDatabase } from './storage/open-database.js'
import { quietInOutages } from './storage/outage-logger.js'
import { isReferenceGone } from './storage/reference-gone.js'
import { DatabaseUnavailable } from './storage/unavailable.js'

export interface ServerOptions extends DeliveryOptions {
  /** A path, `:memory:` or `postgres://…`. Default is `:memory:`. */
  database?: string
  /** 32 bytes as base64 or hex, the same on every node. Default is a new one, which suits only a database in memory. */
  encryptionKey?: string
  /** Other keys that data may be encrypted with, while `encryptionKey` is replaced. They only decrypt. Default is none. */
  otherEncryptionKeys?: readonly string[]
  /** Base of every URL the server returns. Pass a function if it is known only after the port is open. Default is `http://127.0.0.1:4400`. */
  publicUrl?: string | (() => string)
  /** URL of the port that this process listens on, if it is known and not `publicUrl`: webhooks never go there. */
  listenUrl?: string
  /** Brings the schema up to date. Default is true; with false a schema that is not current is refused. */
  migrate?: boolean
  /** Connections to PostgreSQL for reads, and as many more for transactions. Default is 8. */
  poolSize?: number
  /**
   * Milliseconds that a request waits for a database connection, a lock or an answer of the database, before it is
   * answered 503. Migrations and seeds wait as long as it takes. Default is 5000.
   */
  databaseTimeout?: number
  /** Cost of a password hash, and how many may queue. */
  passwords?: PasswordHasherOptions
  /** The range service to ask about breached passwords, in addition to the built-in list. Default is none. */
  breachedPasswordsUrl?: string
  /** Addresses, ranges, `loopback` or `private`: proxies whose `X-Forwarded-For` is trusted. Default is none. */
  trustedProxies?: readonly string[]
  /** How long entries of the audit trail are kept, in days, from 1 on. Default is 365. */
  auditRetentionDays?: number
  /**
   * Removes expired rows while the server is open. Default is true. A command that runs beside a server passes false:
   * only the server knows how long to keep which rows.
   */
  removeExpired?: boolean
  /**
   * Lets anybody make development instances by `POST /v1/accountless_applications`, as frameworks do that start without
   * keys. Default is false.
   */
  allowAccountless?: boolean
  /** Hosted pages and the files of browser packages: `createPages()` of `@latchkey/pages`. Without it the server has no pages. */
  pages?: CreatePages
  /** Told of each message right after it was written, for a developer's terminal. */
  onMessage?: (message: PageMessage) => void
  /** Told of each answered request, for a log or a terminal. */
  onAnswer?: (answered: AnsweredRequest) => void
  /** Delivery of events to webhook endpoints. */
  webhooks?: WebhookOptions
  fetch?: typeof fetch
  /** Asks DNS for the TXT records of a name. Default asks the resolvers of this machine. */
  txtRecords?: TxtLookup
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
 * @throws {DeliverySettingError} if the options for mail or text messages are invalid
 * @throws {TrustedProxyError} for a trusted proxy that is not an address or a range
 * @throws {RangeError} for a retention below a day, or a schedule of webhooks that cannot work
 * @throws {SchemaError} if the schema is newer than the program or, with `migrate: false`, older
 */
export async function createServer(options: ServerOptions = {}): Promise<Server> {
  const { clock = systemClock, random = systemRandom } = options
  const logger = quietInOutages(options.logger ?? silentLogger, clock)
  const {
    ids = createIds(clock, random),
    publicUrl: base = 'http://127.0.0.1:4400',
    encryptionKey = randomBytes(32).toString('base64'),
  } = options
  const publicUrl = toFunction(base)
  const { listenUrl } = options
  const ownUrls = () => (listenUrl === undefined ? [publicUrl()] : [publicUrl(), listenUrl])
  const vault = createVault(encryptionKey, random, options.otherEncryptionKeys)
  const transports = createTransports(options, options.fetch ?? globalThis.fetch)
  const trustedProxies = new TrustedProxies(options.trustedProxies ?? [])
  const auditRetentionDays = requireDays('auditRetentionDays', options.auditRetentionDays ?? 365)
  const removeEvents = webhookRemovals(options.webhooks ?? {})
  const database = await openDatabase({
    location: options.database ?? ':memory:',
    ...(options.poolSize === undefined ? {} : { poolSize: options.poolSize }),
    ...(options.databaseTimeout === undefined ? {} : { timeout: options.databaseTimeout }),
  })
  try {
    if (options.migrate === false) await requireCurrentSchema(database)
    else await migrate(database, clock.now())
  } catch (error) {
    await database.close()
    throw error
  }
  const store = new DeliveryStore(database)
  const delivery = startDelivery(transports, { store, clock, logger, pollEvery: options.messagesPollEvery })
  const jobs = new Jobs({
    jobs: [
      codeExpiry(store),
      suppressionExpiry(store),
      auditRemoval(database, auditRetentionDays),
      ...removals(database),
      ...removeEvents(database),
      enrolments(database, () => registry),
    ],
    clock,
    logger,
  })
  if (options.removeExpired !== false) jobs.start()
  const webhooks = await startWebhooks(options.webhooks ?? {}, {
    database,
    clock,
    ids,
    random,
    logger,
    vault,
    ownUrls,
  })

  const recentMessages = new RecentMessages(database)
  const announce = options.onMessage && recentMessages.announce(options.onMessage, logger)
  const pages = options.pages && createPagesOf(options.pages, recentMessages, (id) => registry.servicesFor(id))
  const imageTransformer = new ImageTransformer()
  const outgoing = createGuardedOutgoing({ fetch: options.fetch })
  const consume = createConsume(database, clock)
  const registry = new InstanceRegistry({
    database,
    clock,
    random,
    ids,
    logger,
    vault,
    publicUrl,
    ownUrls,
    wake: bothOf(delivery.wake, announce),
    sender: options.mail?.from,
    installation: {
      createInstance: options.allowAccountless ? (name) => admin.createAccountless(name) : undefined,
      linkLanding: pages && ((landing) => pages.linkLanding(landing)),
      sessionLanding: pages && ((landing) => pages.sessionLanding(landing)),
    },
    wakeWebhooks: webhooks.wake,
    bell: webhooks.bell,
    consume,
    imageTransformer,
    outgoing: outgoing.get,
    txtRecords: options.txtRecords ?? createTxtLookup(),
    passwords: new PasswordHasher(options.passwords),
    breaches: createBreachChecker({
      ...(options.breachedPasswordsUrl === undefined ? {} : { rangeUrl: options.breachedPasswordsUrl }),
      ...(options.fetch ? { fetch: options.fetch } : {}),
      onError: (error) => logger.warn({ err: error }, 'The range service of breached passwords did not answer'),
    }),
  })
  const frontends = new Frontends({ registry, publicUrl })
  const metrics = new RequestMetrics()
  const operatorKeys = new OperatorKeys({ database, clock, ids, random })
  const addressOf = createAddressOf(trustedProxies, logger)
  const app = createApp({
    endpoints: [...backendEndpoints, ...frontendEndpoints],
    authenticate: createAuthenticate(registry, frontends),
    consume,
    addressOf,
    translateError: (error) => translateError(error, logger),
    metrics,
    logger,
    random,
    ...(pages?.observe ? { observe: pages.observe } : {}),
    ...(options.onAnswer ? { onAnswer: options.onAnswer } : {}),
    mount: (hono) => {
      if (pages) mountPages(hono, { pages, frontends })
      mountOperationalRoutes(hono, {
        database,
        metrics,
        operatorKeys,
        logger,
        openApi: () => createOpenApi(backendEndpoints, { publicUrl: publicUrl(), version: VERSION }),
      })
      mountProxyHealth(hono, { authenticate: (key) => registry.authenticate(key), random })
      mountEventRoutes(hono, { authenticate: (key) => registry.authenticate(key), random })
      mountSvixRoutes(hono, {
        authenticate: (key) => registry.authenticate(key),
        servicesFor: (instanceId) => registry.servicesFor(instanceId),
        addressOf,
        translateError: (error) => translateError(error, logger),
        logger,
        random,
      })
      mountImageRoutes(hono, {
        images: new PublicImages({ store: new PublicImageStore(database), imageTransformer }),
        random,
      })
    },
  })
  const admin = new Admin({ registry, operatorKeys, database, vault, clock, ids, random, publicUrl })

  return {
    fetch: (request, connection) => app.fetch(request, connection),
    createInstance: (instance) => admin.createInstance(instance),
    admin,
    database,
    async close() {
      await Promise.all([app.close(), delivery.stop(), webhooks.stop(), jobs.stop()])
      outgoing.close()
      await database.close()
    },
  }
}

function translateError(error: unknown, logger: Logger): unknown {
  if (error instanceof QueueFull) return errors.overloaded()
  if (error instanceof DatabaseUnavailable) {
    logger.warn({ err: error }, 'The database did not answer a request')
    return errors.databaseUnavailable()
  }
  if (isReferenceGone(error)) {
    logger.info({ err: error }, 'Something that a request is about was deleted while it ran')
    return errors.deletedMeanwhile()
  }
  return error instanceof TaskAbandoned ? new ClientGone({ cause: error }) : error
}

function bothOf(first: (() => void) | undefined, second: (() => void) | undefined): (() => void) | undefined {
  if (!first || !second) return first ?? second
  return () => {
    first()
    second()
  }
}

const HOUR = 60 * 60 * 1000
const DAY = 24 * HOUR

/** The job that removes what the audit trail no longer has to keep. */
function auditRemoval(database: Database, auditRetentionDays: number): Job {
  const run = (now: number) => removeOldEntries(database, now - auditRetentionDays * DAY)
  return { name: 'old audit entries', every: HOUR, run }
}

/** Goes on with the enrolment of users at the domains of organizations where it was left. */
function enrolments(database: Database, registry: () => InstanceRegistry): Job {
  return {
    name: 'unfinished enrolments',
    every: 60_000,
    run: async () => {
      for (const { instance_id: instanceId, id } of await unfinishedEnrolments(database)) {
        const services = await registry().services(instanceId)
        await services?.organizationEnrolment.resume(id, system('organization-enrolment'), 20)
      }
    },
  }
}

/**
 * @throws {RangeError} unless it is a whole number from 1 on: with less, entries would be removed right after they are
 * written
 */
function requireDays(name: string, days: number): number {
  if (Number.isSafeInteger(days) && days >= 1) return days
  throw new RangeError(`"${name}" must be a whole number of days from 1 on, got ${days}`)
}

/** Makes a function that returns the base of URLs, without slashes at its end. */
function toFunction(publicUrl: string | (() => string)): () => string {
  if (typeof publicUrl === 'function') return () => withoutEndSlashes(publicUrl())
  const trimmed = withoutEndSlashes(publicUrl)
  return () => trimmed
}
