import { existsSync } from 'node:fs'
import type { InstanceSummary, Server } from '@latchkey/server'
import { CommandError } from '../command-error.js'
import {
  DEFAULT_DATABASE,
  type DatabaseLocation,
  describeDatabase,
  parseDatabase,
  stateFolderOf,
  toServerDatabase,
} from '../database-location.js'
import { readDevKeys } from '../dev-keys.js'
import type { Environment } from '../environment.js'
import { opening } from '../opening.js'
import { findEncryptionKey, findOtherEncryptionKeys, findSetting, type Flags, parsePublicUrl } from '../settings.js'

/** A database that another process can open too. */
export function findDatabase(flags: Flags, environment: Environment): Exclude<DatabaseLocation, { kind: 'memory' }> {
  const location = parseDatabase(
    findSetting('database', flags, environment) ?? { value: DEFAULT_DATABASE, source: '--database' },
  )
  if (location.kind === 'memory')
    throw new CommandError('"--database" must be a path or postgres://…: a database in memory belongs to one process')
  return location
}

/**
 * Opens the database, even while a server is running on it, and closes it again.
 *
 * @param options with `opensSecrets: false` the work needs no encryption key
 */
export async function withServer<T>(
  flags: Flags,
  environment: Environment,
  work: (server: Server) => Promise<T>,
  { opensSecrets = true } = {},
): Promise<T> {
  const location = findDatabase(flags, environment)
  const place = describeDatabase(location)
  if (location.kind === 'file' && !existsSync(location.path)) {
    throw new CommandError(
      `There is no database at ${place}. Make it with "latchkey dev" or "latchkey migrate --database ${place}", or name another with --database.`,
    )
  }
  const { createServer } = await import('@latchkey/server')
  const publicUrl = findSetting('public-url', flags, environment)
  const encryptionKey = opensSecrets ? requireEncryptionKey(location, environment) : undefined
  const server = await opening(location, () =>
    createServer({
      database: toServerDatabase(location),
      migrate: false,
      removeExpired: false,
      webhooks: { deliver: false },
      ...(encryptionKey === undefined
        ? {}
        : { encryptionKey, otherEncryptionKeys: findOtherEncryptionKeys(environment) }),
      ...(publicUrl ? { publicUrl: parsePublicUrl(publicUrl) } : {}),
    }),
  )
  try {
    if (opensSecrets) await server.admin.checkEncryptionKey()
    return await work(server)
  } finally {
    await server.close()
  }
}

/** The instance that `--instance` names, else the default one. */
export async function findInstance(server: Server, flags: Flags, environment: Environment): Promise<InstanceSummary> {
  const instances = await server.admin.listInstances()
  const setting = findSetting('instance', flags, environment)
  const wanted = setting?.value
  const instance = instances.find(wanted === undefined ? ({ isDefault }) => isDefault : ({ id }) => id === wanted)
  if (instance) return instance
  if (wanted === undefined)
    throw new CommandError('This database has no instance yet. Make one with: latchkey instances create')
  throw new CommandError(
    `"${setting!.source}" must be the id of an instance, got ${wanted}. See: latchkey instances list`,
  )
}

function requireEncryptionKey(location: DatabaseLocation, environment: Environment): string {
  const folder = stateFolderOf(location)
  const key = findEncryptionKey(environment) ?? (folder !== null && readDevKeys(folder)?.encryptionKey)
  if (key) return key
  throw new CommandError(
    'LATCHKEY_ENCRYPTION_KEY is missing: 32 bytes as base64, the same on every node. Make one with: openssl rand -base64 32',
  )
}

/**
 * Works on the instance that the flags name. What the API would refuse, a command refuses with the same sentence.
 *
 * @throws {CommandError}
 */
export function withInstance<T>(
  flags: Flags,
  environment: Environment,
  work: (server: Server, instanceId: string) => Promise<T>,
): Promise<T> {
  return withServer(flags, environment, async (server) => {
    const { ApiError } = await import('@latchkey/server')
    const instance = await findInstance(server, flags, environment)
    try {
      return await work(server, instance.id)
    } catch (error) {
      if (error instanceof ApiError) throw new CommandError(error.message)
      throw error
    }
  })
}
