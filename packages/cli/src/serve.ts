import type { CreatedInstance, Server } from '@latchkey/server'
import { CommandError } from './command-error.js'
import { lockDatabase } from './database-lock.js'
import { describeDatabase, toServerDatabase } from './database-location.js'
import { listen } from './listen.js'
import { createLogger } from './logger.js'
import { nameSetting, toDeliveryOptions } from './message-settings.js'
import { opening } from './opening.js'
import type { ServeOptions } from './serve-options.js'
import type { Setting } from './settings.js'

/** Milliseconds that requests under way get to finish. */
const DRAIN_TIMEOUT = 10_000

export interface ServeSettings {
  command: 'dev' | 'start'
  migrate: boolean
  /** Asked for once the database and the port are ours, so that of two first starts at once one makes the keys. */
  keys(): Promise<{ encryptionKey: string; secretKey: string }>
}

export interface Running {
  instance: CreatedInstance
  /** What `--json` prints. No password in it. */
  summary: Record<'apiUrl' | 'frontendApiUrl' | 'publishableKey' | 'secretKey' | 'jwtKey' | 'databaseUrl', string>
}

/** Resolves once requests are answered. From then on SIGTERM and SIGINT end the process, in order, with code 0. */
export async function serve(options: ServeOptions, settings: ServeSettings): Promise<Running> {
  const { database } = options
  const unlock = database.kind === 'file' ? lockDatabase(database.path, settings.command) : () => {}
  const listener = await listen(options.port, options.host)
  const { encryptionKey, secretKey } = await settings.keys()
  const publicUrl = options.publicUrl ?? listener.url
  const { createServer } = await import('@latchkey/server')
  const server = await opening(database, () =>
    createServer({
      database: toServerDatabase(database),
      encryptionKey,
      publicUrl,
      migrate: settings.migrate,
      logger: createLogger(options.logLevel),
      ...toDeliveryOptions(options.messages),
    }),
  ).catch((error: unknown) => {
    throw nameSetting(error, options.messages)
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
    summary: { apiUrl, frontendApiUrl, publishableKey, secretKey, jwtKey, databaseUrl: describeDatabase(database) },
  }
}

/** Makes the default instance from the keys, or lets the one that is there take the secret key. */
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
  // Loaded only here: the parser of YAML takes longer to load than many a start.
  const { readSeedFile, seedError } = await import('./seed-file.js')
  const file = readSeedFile(setting)
  try {
    await server.admin.seed(instanceId, file.document)
  } catch (error) {
    throw seedError(error, setting, file)
  }
}

/**
 * The first signal begins an orderly end, a later one ends at once. Those of the same second count as one: npm passes on
 * the Ctrl-C that the terminal has already sent.
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
