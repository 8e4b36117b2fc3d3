import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { CommandError } from './command-error.js'

interface Owner {
  pid: number
  /** When the process started, in the system's own ticks; null where the system does not say. */
  startedAt: string | null
  command: string
}

/**
 * Only one `dev`, `start` or `restore` at a time may use a database in a file. A lock whose process has ended is
 * ignored.
 *
 * @returns a function that releases the lock
 * @throws {CommandError} naming the process that holds the lock
 */
export function lockDatabase(path: string, command: string): () => void {
  const lock = `${path}.lock`
  const mine = `${lock}.${process.pid}`
  const owner: Owner = { pid: process.pid, startedAt: startOf(process.pid), command }
  writeFileSync(mine, JSON.stringify(owner), { mode: 0o600 })
  try {
    // A link appears together with its content, so nobody can read a lock without an owner.
    while (!tryLink(mine, lock)) {
      const holder = readOwner(lock)
      if (holder && isRunning(holder)) {
        throw new CommandError(
          `The database ${path} is in use by "latchkey ${holder.command}" (process ${holder.pid}). ` +
            'Stop that process, or choose another database with --database.',
        )
      }
      rmSync(lock, { force: true })
    }
  } finally {
    rmSync(mine, { force: true })
  }
  const release = () => rmSync(lock, { force: true })
  process.once('exit', release)
  return () => {
    process.off('exit', release)
    release()
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function readOwner(lock: string): Owner | null {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')) as Owner
  } catch {
    return null
  }
}

/** Process ids are reused after a restart, above all in containers; the start time tells two processes apart. */
function isRunning({ pid, startedAt }: Owner): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const now = startOf(pid)
  return startedAt === null || now === null || startedAt === now
}

/** Field 22 of /proc/<pid>/stat, counted from behind the name, which may contain spaces. Linux only. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}
