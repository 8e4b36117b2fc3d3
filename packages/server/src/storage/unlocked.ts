import { setTimeout } from 'node:timers/promises'
import { isLocked, readSqliteError } from './unavailable.js'

/** Milliseconds between two attempts: at first and at most. */
const FIRST = 1
const LONGEST = 50

/**
 * Runs the step, again and again while another process holds a lock on the file. SQLite's own waiting would stop the
 * event loop.
 *
 * @param timeout milliseconds; `Infinity` waits as long as it takes
 * @throws {DatabaseUnavailable} if the lock is still there then, or the file cannot be used
 */
export async function unlocked<T>(timeout: number, step: () => T): Promise<T> {
  let started: number | undefined
  for (let pause = FIRST; ; pause = Math.min(2 * pause, LONGEST)) {
    try {
      return step()
    } catch (error) {
      if (!isLocked(error)) throw readSqliteError(error)
      started ??= performance.now()
      if (performance.now() - started >= timeout) throw readSqliteError(error)
      await setTimeout(pause)
    }
  }
}
