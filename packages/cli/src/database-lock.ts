import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { CommandError } from './command-error.js'
import { opening } from './opening.js'

interface Owner {
  pid: number
  command: string
}

/**
 * Only one `dev`, `start` or `restore` at a time may use a database in a file. A lock of the operating system says so;
 * a file beside it tells others who has it.
 *
 * @returns a function that releases the lock
 * @throws {CommandError} naming the process that holds the lock
 */
export async function lockDatabase(path: string, command: string): Promise<() => void> {
  const { takeFileLock } = await import('@latchkey/server')
  const note = `${path}.lock`
  const unlock = await opening({ kind: 'file', path }, async () => takeFileLock(lockOf(path)))
  if (!unlock) {
    throw new CommandError(
      `The database ${path} is in use by ${describe(readOwner(note))}. ` +
        'Stop that process, or choose another database with --database.',
    )
  }
  writeFileSync(note, JSON.stringify({ pid: process.pid, command } satisfies Owner), { mode: 0o600 })
  const removeNote = () => rmSync(note, { force: true })
  process.once('exit', removeNote)
  return () => {
    process.off('exit', removeNote)
    removeNote()
    unlock()
  }
}

/** Whether no process has ever locked it. */
export function isNeverUsed(path: string): boolean {
  return !existsSync(lockOf(path))
}

function lockOf(path: string): string {
  return `${path}.in-use`
}

function describe(owner: Owner | null): string {
  return owner ? `"latchkey ${owner.command}" (process ${owner.pid})` : 'another process'
}

function readOwner(note: string): Owner | null {
  try {
    const { pid, command } = JSON.parse(readFileSync(note, 'utf8')) as Partial<Owner>
    return typeof pid === 'number' && typeof command === 'string' ? { pid, command } : null
  } catch {
    return null
  }
}
