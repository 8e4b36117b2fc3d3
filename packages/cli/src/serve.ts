import { randomBytes } from 'node:crypto'
import type {
  AnsweredRequest,
  CreateInstanceOptions,
  InstanceSummary,
  PageMessage,
  SeedResult,
  Server,
} from '@latchkey/server'
import { CommandError } from './command-error.js'
import { isNeverUsed, lockDatabase } from './database-lock.js'
import { describeDatabase, toServerDatabase } from './database-location.js'
import { requireHomeUrl, warnOfMissingHomeUrls } from './home-url.js'
import { listen } from './listen.js'
import { createLogger } from './logger.js'
import { nameSetting, toDeliveryOptions } from './message-settings.js'
import { opening } from './opening.js'
import { nameProxies, parseProxies } from './proxy-settings.js'
import { isLogged } from './request-log.js'
import type { ServeOptions } from './serve-options.js'
import type { Setting } from './settings.js'

/** Milliseconds that requests in progress get to finish. */
const DRAIN_TIMEOUT = 10_000

export interface ServeSettings {
  command: 'dev' | 'start'
  migrate: boolean
  /** Makes what the database needs. A first start does so with the port open: one that fails there leaves nothing. */
  prepare?(): void
  /** Told of each message, with the code it brings. */
  onMessage?: (message: PageMessage) => void
  /** Told of each answered request. Default writes it to the log. */
  onAnswer?: (answered: AnsweredRequest) => void
  /** Called once this process holds the database and the port: if two first starts run at once, only one makes keys. */
  keys(): Promise<Keys>
}

interface Keys {
  encryptionKey: string
  /** `start` needs none: it makes no instance. */
  secretKey?: string | undefined
}

export interface Running {
  instance: InstanceSummary
  /** What the pages for development ask for where other machines can reach the port; null where none is needed. */
  developmentToken: string | null
  /** What `--json` prints. Contains no password and no secret: logs are read by many. */
  summary: Record<'apiUrl' | 'frontendApiUrl' | 'publishableKey' | 'jwtKey' | 'databaseUrl', string>
  secretKey: string | undefined
  /** What a seed file created. */
  seeded: SeedResult | undefined
}

/**
 * Resolves once the server answers requests. From then on SIGTERM and SIGINT shut the process down in order, with code
 * 0.
 */
export async function serve(options: ServeOptions, settings: ServeSettings): Promise<Running> {
  const { database } = options
  const seed = options.seed && (await openSeed(options.seed))
  // Of a database in use its process is named, not that of the port, which is most often the same.
  const early = database.kind !== 'file' || isNeverUsed(database.path)
  const open = () => listen(options.port, options.host)
  const first = early ? await open() : undefined
  settings.prepare?.()
  const unlock = database.kind === 'file' ? await lockDatabase(database.path, settings.command) : () => {}
  const listener = first ?? (await open())
  const { encryptionKey, secretKey } = await settings.keys()
  const publicUrl = options.publicUrl ?? listener.url
  const isDevelopment = settings.command === 'dev'
  const token = randomBytes(16).toString('base64url')
  const [{ createServer }, { createPages }] = await Promise.all([import('@latchkey/server'), import('@latchkey/pages')])
  const logger = createLogger(options.logLevel)
  const onAnswer = settings.onAnswer ?? ((answered) => isLogged(answered) && logger.info(answered, 'Answered'))
  const server = await opening(database, () =>
    createServer({
      database: toServerDatabase(database),
      encryptionKey,
      otherEncryptionKeys: options.otherEncryptionKeys,
      publicUrl,
      listenUrl: listener.url,
      migrate: settings.migrate,
      pages: createPages(isDevelopment ? { development: { isExposed: listener.isExposed, token } } : {}),
      ...(settings.onMessage ? { onMessage: settings.onMessage } : {}),
      ...(options.requestLog ? { onAnswer } : {}),
      logger,
      ...toDeliveryOptions(options.messages),
      ...(options.trustedProxies ? { trustedProxies: parseProxies(options.trustedProxies) } : {}),
      allowAccountless: options.allowAccountless,
      ...(options.eventRetentionDays === undefined ? {} : { webhooks: { retentionDays: options.eventRetentionDays } }),
      ...(options.auditRetentionDays === undefined ? {} : { auditRetentionDays: options.auditRetentionDays }),
    }),
  ).catch((error: unknown) => {
    throw nameProxies(nameSetting(error, options.messages), options.trustedProxies)
  })
  const instance = await (settings.command === 'dev' ? ensureInstance : requireInstance)(server, {
    secretKey,
    publishableKey: options.publishableKey,
  })
  const seeded = seed && (await seed(server, instance.id))
  if (!isDevelopment) {
    await requireHomeUrl(server, (await server.admin.defaultInstance())!, options.homeUrl)
    await warnOfMissingHomeUrls(server, logger)
  }
  // Before requests are answered: with another encryption key than that of the database it fails.
  const jwtKey = await server.admin.jwtKey(instance.id)
  listener.handle((request, connection) => server.fetch(request, connection))
  logger.info({ address: listener.url, publicUrl }, 'Started')
  onceStopped(async (signal) => {
    logger.info({ signal }, 'Stopping')
    await listener.drain(DRAIN_TIMEOUT)
    await server.close()
    unlock()
    logger.info({}, 'Stopped')
  })
  const { publishableKey } = instance
  return {
    instance,
    developmentToken: isDevelopment && listener.isExposed ? token : null,
    summary: { ...server.admin.urls(instance), publishableKey, jwtKey, databaseUrl: describeDatabase(database) },
    secretKey,
    seeded,
  }
}

interface GivenKeys {
  secretKey: string | undefined
  publishableKey: string | undefined
}

/** The default instance, for `start`: it is there, and a key that is given is one of its own. */
async function requireInstance({ admin }: Server, keys: GivenKeys): Promise<InstanceSummary> {
  const existing = await admin.defaultInstance()
  if (!existing) {
    throw new CommandError(
      'This database has no instance yet. Make one with: latchkey instances create --environment production --frontend-host HOST --home-url URL',
    )
  }
  requireSamePublishableKey(existing, keys.publishableKey)
  const { secretKey } = keys
  if (secretKey !== undefined && !(await admin.hasKey(existing.id, secretKey))) {
    throw new CommandError(
      '"--secret-key" must be a key of the default instance that was not revoked. "latchkey start" needs no secret key: ' +
        'leave it out, or make another one with: latchkey keys create',
    )
  }
  return existing
}

/** The default instance, for `dev`. It is made from the keys; if it exists already, the secret key is added to it. */
async function ensureInstance({ admin }: Server, { secretKey, publishableKey }: GivenKeys): Promise<InstanceSummary> {
  const environmentType = secretKey!.startsWith('sk_live_') ? 'production' : 'development'
  const existing = await findOrCreate(admin, {
    environmentType,
    secretKey: secretKey!,
    isDefault: true,
    ...(publishableKey === undefined ? {} : { publishableKey }),
  })
  if (existing.environmentType !== environmentType) {
    throw new CommandError(
      `"--secret-key" must be for the default instance, which is a ${existing.environmentType} one, got a key that starts with ${secretKey!.slice(0, 8)}`,
    )
  }
  requireSamePublishableKey(existing, publishableKey)
  if (await admin.hasKey(existing.id, secretKey!)) return existing
  try {
    await admin.createKey(existing.id, { name: 'command line', secretKey: secretKey! })
  } catch (error) {
    // Another node has added it meanwhile.
    if (await admin.hasKey(existing.id, secretKey!)) return existing
    if ((error as Error).name !== 'AdminError') throw error
    throw new CommandError(
      `The secret key was revoked, or belongs to another instance. Give another one with --secret-key, or remove it from keys.json in the folder .latchkey to have a new one made.`,
    )
  }
  return existing
}

/** Of several nodes that start at once on an empty database, one creates the instance. */
async function findOrCreate(admin: Server['admin'], options: CreateInstanceOptions): Promise<InstanceSummary> {
  const existing = await admin.defaultInstance()
  if (existing) return existing
  try {
    return await admin.createInstance(options)
  } catch (error) {
    const made = await admin.defaultInstance()
    if (!made) throw error
    return made
  }
}

function requireSamePublishableKey(existing: InstanceSummary, given: string | undefined): void {
  if (given === undefined || given === existing.publishableKey) return
  throw new CommandError(
    `"--publishable-key" must be that of the default instance, ${existing.publishableKey}, got ${given}`,
  )
}

/** Reads the file before anything is made. @returns what applies it */
async function openSeed(setting: Setting): Promise<(server: Server, instanceId: string) => Promise<SeedResult>> {
  // Loaded only here: loading the YAML parser can take longer than the rest of the start.
  const { readSeedFile, seedError } = await import('./seed-file.js')
  const file = readSeedFile(setting)
  return async (server, instanceId) => {
    try {
      return await server.admin.seed(instanceId, file.document)
    } catch (error) {
      throw seedError(error, setting, file)
    }
  }
}

/** Milliseconds that whatever still keeps the process alive gets after an orderly stop. */
const LINGER = 2000

/**
 * Lets the process end by itself: `process.exit` would not close what SQLite's statements hold open on Node before 24, and
 * the log and its index would stay beside the database.
 */
function exitInOrder(): void {
  process.exitCode = 0
  setTimeout(() => process.exit(0), LINGER).unref()
}

/**
 * The first signal starts an orderly shutdown; a later one ends the process at once. Signals within one second count as
 * one: npm forwards the Ctrl-C that the terminal has already sent.
 */
function onceStopped(stop: (signal: string) => Promise<void>): void {
  let stoppedAt: number | undefined
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stoppedAt !== undefined) {
        if (performance.now() - stoppedAt > 1000) process.exit(1)
        return
      }
      stoppedAt = performance.now()
      stop(signal).then(exitInOrder, (error: unknown) => {
        process.stderr.write(`${String(error)}\n`)
        process.exit(1)
      })
    })
  }
}
