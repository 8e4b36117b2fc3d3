import { randomBytes } from 'node:crypto'
import type { CreatedInstance, PageMessage, Server } from '@latchkey/server'
import { CommandError } from './command-error.js'
import { lockDatabase } from './database-lock.js'
import { describeDatabase, toServerDatabase } from './database-location.js'
import { listen } from './listen.js'
import { createLogger } from './logger.js'
import { nameSetting, toDeliveryOptions } from './message-settings.js'
import { opening } from './opening.js'
import { nameProxies, parseProxies } from './proxy-settings.js'
import type { ServeOptions } from './serve-options.js'
import type { Setting } from './settings.js'

/** Milliseconds that requests in progress get to finish. */
const DRAIN_TIMEOUT = 10_000

export interface ServeSettings {
  command: 'dev' | 'start'
  migrate: boolean
  /** Told of each message, with the code it brings. */
  onMessage?: (message: PageMessage) => void
  /** Called once this process holds the database and the port: if two first starts run at once, only one makes keys. */
  keys(): Promise<{ encryptionKey: string; secretKey: string }>
}

export interface Running {
  instance: CreatedInstance
  /** What the pages for development ask for where other machines can reach the port; null where none is needed. */
  developmentToken: string | null
  /** What `--json` prints. Contains no password. */
  summary: Record<'apiUrl' | 'frontendApiUrl' | 'publishableKey' | 'secretKey' | 'jwtKey' | 'databaseUrl', string>
}

/**
 * Resolves once the server answers requests. From then on SIGTERM and SIGINT shut the process down in order, with code
 * 0.
 */
export async function serve(options: ServeOptions, settings: ServeSettings): Promise<Running> {
  const { database } = options
  const unlock = database.kind === 'file' ? lockDatabase(database.path, settings.command) : () => {}
  const listener = await listen(options.port, options.host)
  const { encryptionKey, secretKey } = await settings.keys()
  const publicUrl = options.publicUrl ?? listener.url
  const isDevelopment = settings.command === 'dev'
  const token = randomBytes(16).toString('base64url')
  const [{ createServer }, { createPages }] = await Promise.all([import('@latchkey/server'), import('@latchkey/pages')])
  const server = await opening(database, () =>
    createServer({
      database: toServerDatabase(database),
      encryptionKey,
      publicUrl,
      migrate: settings.migrate,
      pages: createPages(isDevelopment ? { development: { isExposed: listener.isExposed, token } } : {}),
      ...(settings.onMessage ? { onMessage: settings.onMessage } : {}),
      logger: createLogger(options.logLevel),
      ...toDeliveryOptions(options.messages),
      ...(options.trustedProxies ? { trustedProxies: parseProxies(options.trustedProxies) } : {}),
      ...(options.eventRetentionDays === undefined ? {} : { webhooks: { retentionDays: options.eventRetentionDays } }),
      ...(options.auditRetentionDays === undefined ? {} : { auditRetentionDays: options.auditRetentionDays }),
    }),
  ).catch((error: unknown) => {
    throw nameProxies(nameSetting(error, options.messages), options.trustedProxies)
  })
  const instance = await ensureDefaultInstance(server, secretKey, options.publishableKey)
  if (options.seed) await applySeed(server, instance.id, options.seed)
  listener.handle((request, connection) => server.fetch(request, connection))
  onceStopped(async () => {
    await listener.drain(DRAIN_TIMEOUT)
    await server.close()
    unlock()
  })
  const { apiUrl, frontendApiUrl, publishableKey } = instance
  const jwtKey = await server.admin.jwtKey(instance.id)
  return {
    instance,
    developmentToken: isDevelopment && listener.isExposed ? token : null,
    summary: { apiUrl, frontendApiUrl, publishableKey, secretKey, jwtKey, databaseUrl: describeDatabase(database) },
  }
}

/** Creates the default instance from the keys. If it exists already, adds the secret key to it. */
async function ensureDefaultInstance(
  { admin, createInstance }: Server,
  secretKey: string,
  publishableKey: string | undefined,
): Promise<CreatedInstance> {
  const environmentType = secretKey.startsWith('sk_live_') ? 'production' : 'development'
  const existing = await admin.defaultInstance()
  if (!existing) {
    return createInstance({
      environmentType,
      secretKey,
      isDefault: true,
      ...(publishableKey === undefined ? {} : { publishableKey }),
    })
  }
  if (existing.environmentType !== environmentType) {
    throw new CommandError(
      `"--secret-key" must be for the default instance, which is a ${existing.environmentType} one, got a key that starts with ${secretKey.slice(0, 8)}`,
    )
  }
  if (publishableKey !== undefined && publishableKey !== existing.publishableKey) {
    throw new CommandError(
      `"--publishable-key" must be that of the default instance, ${existing.publishableKey}, got ${publishableKey}`,
    )
  }
  if (!(await admin.hasKey(existing.id, secretKey)))
    await admin.createKey(existing.id, { name: 'command line', secretKey })
  return { ...existing, secretKey, ...admin.urls(existing) }
}

async function applySeed(server: Server, instanceId: string, setting: Setting): Promise<void> {
  // Loaded only here: loading the YAML parser can take longer than the rest of the start.
  const { readSeedFile, seedError } = await import('./seed-file.js')
  const file = readSeedFile(setting)
  try {
    await server.admin.seed(instanceId, file.document)
  } catch (error) {
    throw seedError(error, setting, file)
  }
}

/**
 * The first signal starts an orderly shutdown; a later one ends the process at once. Signals within one second count as
 * one: npm forwards the Ctrl-C that the terminal has already sent.
 */
function onceStopped(stop: () => Promise<void>): void {
  let stoppedAt: number | undefined
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stoppedAt !== undefined) {
        if (performance.now() - stoppedAt > 1000) process.exit(1)
        return
      }
      stoppedAt = performance.now()
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${String(error)}\n`)
          process.exit(1)
        },
      )
    })
  }
}
