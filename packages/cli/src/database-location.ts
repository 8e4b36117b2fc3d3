import { basename, dirname, join, resolve } from 'node:path'
import { refuseFolder } from './refusal.js'
import { invalid, type Setting } from './settings.js'

export const STATE_FOLDER = '.latchkey'
export const DEFAULT_DATABASE = `${STATE_FOLDER}/dev.db`

export type DatabaseLocation =
  | { kind: 'memory' }
  /** An absolute path. */
  | { kind: 'file'; path: string }
  | { kind: 'postgres'; url: string }

/** A path that is no folder, `:memory:` or `postgres://…`. */
export function parseDatabase(setting: Setting): DatabaseLocation {
  const { value } = setting
  if (value === ':memory:') return { kind: 'memory' }
  if (/^postgres(ql)?:\/\//.test(value)) {
    if (!URL.canParse(value))
      throw invalid(setting, 'a path, :memory: or postgres://user@host/name', 'a URL that cannot be read')
    return { kind: 'postgres', url: value }
  }
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(value)) {
    throw invalid(setting, 'a path, :memory: or postgres://user@host/name', withoutPassword(value))
  }
  const path = resolve(value)
  refuseFolder(path, 'Name the database file.')
  return { kind: 'file', path }
}

/** What the server takes as its `database`. */
export function toServerDatabase(location: DatabaseLocation): string {
  if (location.kind === 'memory') return ':memory:'
  return location.kind === 'file' ? location.path : location.url
}

/** For messages and for `databaseUrl`. Never contains the password. */
export function describeDatabase(location: DatabaseLocation): string {
  return location.kind === 'postgres' ? withoutPassword(location.url) : toServerDatabase(location)
}

/**
 * Where `dev` keeps its keys: beside the database's file, for PostgreSQL below the current folder. Null for a database
 * in memory: nothing is stored.
 */
export function stateFolderOf(location: DatabaseLocation): string | null {
  if (location.kind === 'memory') return null
  if (location.kind === 'postgres') return resolve(STATE_FOLDER)
  const folder = dirname(location.path)
  return basename(folder) === STATE_FOLDER ? folder : join(folder, STATE_FOLDER)
}

/** Text that is no URL stays as it is. */
export function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return url.replace(/\/\/[^@/]*@/, '//')
  const parsed = new URL(url)
  parsed.password = ''
  for (const name of ['password', 'sslpassword']) parsed.searchParams.delete(name)
  return parsed.href
}
