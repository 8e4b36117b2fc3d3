import { closeSync, existsSync, openSync } from 'node:fs'
import { loadSqlite } from './sqlite-module.js'
import { isLocked } from './unavailable.js'

/** Two that try at the same moment can keep each other from it: SQLite takes the lock in steps. */
const ATTEMPTS = 3

/**
 * Takes a lock of the operating system, through SQLite, which has the means: it ends with its process, whatever ends
 * that, and holds between containers that share the file. The file stays: whoever removed it could remove the lock of
 * another process.
 *
 * @param file for this only; made if it is missing. Nothing else in this process may open it, or the lock would end
 * @returns a function that releases the lock; undefined if another process has it
 */
export function takeFileLock(file: string): (() => void) | undefined {
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
  for (let attempt = 1; ; attempt++) {
    const unlock = tryOnce(file)
    if (unlock || attempt === ATTEMPTS) return unlock
    // Each process waits for another time, so that they do not meet again.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, attempt * (2 + (process.pid % 8)))
  }
}

function tryOnce(file: string): (() => void) | undefined {
  const connection = new (loadSqlite().DatabaseSync)(file)
  try {
    connection.exec('pragma busy_timeout = 0; begin exclusive')
  } catch (error) {
    connection.close()
    if (isLocked(error)) return undefined
    throw error
  }
  return () => connection.close()
}
