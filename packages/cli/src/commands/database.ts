import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  statSync,
  readSync,
  openSync,
  closeSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import { CommandError } from '../command-error.js'
import { describeDatabase, stateFolderOf, toServerDatabase } from '../database-location.js'
import { lockDatabase } from '../database-lock.js'
import { prepareStateFolder } from '../dev-keys.js'
import type { Environment } from '../environment.js'
import { opening } from '../opening.js'
import { refuseFolder } from '../refusal.js'
import type { Result } from '../output.js'
import type { Flags } from '../settings.js'
import { findDatabase, withServer } from './with-server.js'

const SQLITE_HEADER = 'SQLite format 3\0'

/** A database holds secrets. */
const OWNER_ONLY = 0o600

/** `latchkey migrate`: migrates the schema to this version. */
export async function migrate(flags: Flags, environment: Environment): Promise<Result> {
  const location = findDatabase(flags, environment)
  if (location.kind === 'file') {
    const folder = dirname(location.path)
    if (stateFolderOf(location) === folder) prepareStateFolder(folder)
    else mkdirSync(folder, { recursive: true })
  }
  const { migrateDatabase } = await import('@latchkey/server')
  const { applied, breaking } = await opening(location, () => migrateDatabase({ database: toServerDatabase(location) }))
  const database = describeDatabase(location)
  const lines =
    applied.length > 0
      ? [
          ...applied.map((name) => `Applied ${name}${breaking.includes(name) ? ' (breaking)' : ''}`),
          `The schema of ${database} is current now.`,
        ]
      : [`Nothing to do: the schema of ${database} is current.`]
  return { lines, json: { database, applied, breaking } }
}

/** `latchkey backup FILE`: a consistent copy, even while the server runs. */
export async function backup(file: string, flags: Flags, environment: Environment): Promise<Result> {
  const location = findDatabase(flags, environment)
  if (location.kind === 'postgres') {
    throw new CommandError('"latchkey backup" copies databases in a file. For PostgreSQL use: pg_dump --format=custom')
  }
  const target = resolve(file)
  if (existsSync(target)) throw new CommandError(`${target} exists already. Name a new file.`)
  mkdirSync(dirname(target), { recursive: true })
  await withServer(flags, environment, (server) => server.admin.backup(target), { opensSecrets: false })
  return { lines: [`Wrote ${target}`], json: { file: target, database: describeDatabase(location) } }
}

/**
 * `latchkey restore FILE`: replaces the database with a backup, and keeps the previous database beside it. Messages that
 * were queued in the backup are not sent again.
 */
export async function restore(file: string, flags: Flags, environment: Environment): Promise<Result> {
  const location = findDatabase(flags, environment)
  if (location.kind === 'postgres') {
    throw new CommandError(
      '"latchkey restore" is for databases in a file. For PostgreSQL use pg_restore, and then: latchkey restored --yes',
    )
  }
  const source = resolve(file)
  requireSqlite(source)
  const { path } = location
  const copy = `${path}.restoring`
  for (const own of [path, copy, ...SIDE_FILES.map((suffix) => path + suffix)]) refuseSame(source, own, path)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const unlock = await lockDatabase(path, 'restore')
  try {
    if (existsSync(path)) await refuseForeign(path)
    removeDatabase(copy)
    copyFileSync(source, copy)
    chmodSync(copy, OWNER_ONLY)
    const { messages } = await makeUsable(copy, file, flags)
    const previous = existsSync(path) ? setAside(path) : null
    renameSync(copy, path)
    const lines = [
      `Restored ${path} from ${source}`,
      ...(previous ? [`The previous database is now ${previous}`] : []),
      ...restoredLines(messages, flags),
    ]
    return { lines, json: { database: path, file: source, previous, messages } }
  } finally {
    unlock()
  }
}

/** `latchkey restored`: what `latchkey restore` does beside putting the file back, for a database that pg_restore filled. */
export async function restored(flags: Flags, environment: Environment): Promise<Result> {
  const location = findDatabase(flags, environment)
  if (location.kind === 'file') {
    throw new CommandError('"latchkey restored" is for PostgreSQL. For a database in a file use: latchkey restore FILE')
  }
  if (flags['yes'] !== true) {
    throw new CommandError(
      `This gives up every message that is queued in ${describeDatabase(location)}. It is for a database that pg_restore has just filled, before a server runs on it. To do it, add --yes`,
    )
  }
  const { messages } = await withServer(flags, environment, (server) => server.admin.restored(wantedOf(flags)), {
    opensSecrets: false,
  })
  return { lines: restoredLines(messages, flags), json: { messages } }
}

const wantedOf = (flags: Flags) => ({ signEveryoneOut: flags['signEveryoneOut'] === true })

function restoredLines(messages: number, flags: Flags): string[] {
  return [
    `Messages that were queued in the backup and are not sent again: ${messages}`,
    wantedOf(flags).signEveryoneOut
      ? 'Everyone is signed out'
      : 'Sessions, keys and tickets that were revoked since the backup are valid again. "--sign-everyone-out" ends all sessions',
  ]
}

/**
 * Opens the copy, brings its schema up to date and prepares its rows, so that an unusable backup never replaces the
 * database.
 */
async function makeUsable(copy: string, file: string, flags: Flags): Promise<{ messages: number }> {
  const { createServer, migrateDatabase } = await import('@latchkey/server')
  try {
    const { wasEmpty } = await migrateDatabase({ database: copy })
    if (wasEmpty) throw new Error('it has no tables')
    const server = await createServer({
      database: copy,
      migrate: false,
      removeExpired: false,
      webhooks: { deliver: false },
    })
    try {
      return await server.admin.restored(wantedOf(flags))
    } finally {
      await server.close()
      for (const suffix of SIDE_FILES) rmSync(`${copy}${suffix}`, { force: true })
    }
  } catch (error) {
    removeDatabase(copy)
    const { name, message } = error as Error
    const why = name === 'ForeignDatabaseError' ? 'it is a database of another program' : message
    throw new CommandError(`${file} cannot be restored: ${why}`)
  }
}

/** SQLite's log and its index; gone once the last connection has closed, except after a crash. */
const SIDE_FILES = ['-wal', '-shm']

function setAside(path: string): string {
  const previous = `${path}.before-restore-${new Date().toISOString().replace(/[:.]/g, '-')}`
  for (const suffix of ['', ...SIDE_FILES]) {
    if (!existsSync(path + suffix)) continue
    chmodSync(path + suffix, OWNER_ONLY)
    renameSync(path + suffix, previous + suffix)
  }
  return previous
}

function removeDatabase(path: string): void {
  for (const suffix of ['', ...SIDE_FILES]) rmSync(path + suffix, { force: true })
}

/** A backup that is also the database would be moved away before it is copied. */
function refuseSame(source: string, own: string, database: string): void {
  const [one, other] = [source, own].map((path) => statSync(path, { throwIfNoEntry: false }))
  if (!one || !other || one.dev !== other.dev || one.ino !== other.ino) return
  throw new CommandError(
    `${source} belongs to the database ${database} itself. Name a file written by "latchkey backup".`,
  )
}

/** A damaged database may be replaced, one of another program never. */
async function refuseForeign(path: string): Promise<void> {
  const { refuseForeignFile } = await import('@latchkey/server')
  await refuseForeignFile(path)
}

function requireSqlite(file: string): void {
  if (!existsSync(file)) throw new CommandError(`There is no file ${file}`)
  refuseFolder(file, 'Name a file written by "latchkey backup".')
  const header = Buffer.alloc(SQLITE_HEADER.length)
  const descriptor = openSync(file, 'r')
  readSync(descriptor, header, 0, header.length, 0)
  closeSync(descriptor)
  if (header.toString('latin1') !== SQLITE_HEADER)
    throw new CommandError(`${file} is not a backup made by "latchkey backup"`)
}
