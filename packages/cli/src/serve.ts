import { lockDatabase } from './database-lock.js'
import { describeDatabase, toServerDatabase } from './database-location.js'
import { listen } from './listen.js'
import { createLogger } from './logger.js'
import { readSeedFile, seedError } from './seed-file.js'
import type { ServeOptions } from './serve-options.js'
import { type CreatedInstance, type EnvironmentType, loadServer, type Server } from './server-api.js'

/** Milliseconds that requests under way get to finish. */
const DRAIN_TIMEOUT = 10_000

export interface ServeSettings {
  command: 'dev' | 'start'
  migrate: boolean
  /** Asked for once the database and the port are ours, so that of two first starts at once one makes the keys. */
  keys(): { encryptionKey: string; secretKey: string }
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
  const { encryptionKey, secretKey: key } = settings.keys()
  const publicUrl = options.publicUrl ?? listener.url
  const { createServer } = await loadServer()
  const server = await createServer({
    database: toServerDatabase(database),
    encryptionKey,
    publicUrl,
    migrate: settings.migrate,
    logger: createLogger(options.logLevel),
  })
  const instance = await server.ensureDefaultInstance({
    environmentType: environmentOf(key),
    secretKey: key,
    ...(options.publishableKey === undefined ? {} : { publishableKey: options.publishableKey }),
  })
  if (options.seed) await applySeed(server, options)
  listener.handle((request, connection) => server.fetch(request, connection))
  onceStopped(async () => {
    await listener.drain(DRAIN_TIMEOUT)
    await server.close()
    unlock()
  })
  const { apiUrl, frontendApiUrl, publishableKey, secretKey, jwtKey } = instance
  return {
    instance,
    summary: { apiUrl, frontendApiUrl, publishableKey, secretKey, jwtKey, databaseUrl: describeDatabase(database) },
  }
}

export function environmentOf(secretKey: string): EnvironmentType {
  return secretKey.startsWith('sk_live_') ? 'production' : 'development'
}

async function applySeed(server: Server, { seed }: ServeOptions): Promise<void> {
  const file = await readSeedFile(seed!)
  try {
    await server.seed(file.document)
  } catch (error) {
    throw seedError(error, seed!, file)
  }
}

/** The first signal begins an orderly end, the second ends at once. */
function onceStopped(stop: () => Promise<void>): void {
  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1)
      stopping = true
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
