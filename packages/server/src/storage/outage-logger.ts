import type { Clock, Logger } from '../kernel/runtime.js'
import { DatabaseUnavailable } from './unavailable.js'

/** Milliseconds between two lines that say the same. */
const INTERVAL = 60_000

/**
 * A logger that stays readable while the database cannot be used. Then every worker and every request fails, many times a
 * second: each kind of failure is one line a minute, with its reason in place of the stacks, and the number of those since.
 */
export function quietInOutages(logger: Logger, clock: Clock): Logger {
  const last = new Map<string, { at: number; left: number }>()
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    error: (fields, message) => logger.error(fields, message),
    warn(fields, message) {
      const { err: error, ...others } = fields as { err?: unknown }
      if (!(error instanceof DatabaseUnavailable)) return logger.warn(fields, message)
      const now = clock.now()
      const before = last.get(message)
      if (before && Math.abs(now - before.at) < INTERVAL) {
        before.left++
        return logger.debug(fields, message)
      }
      last.set(message, { at: now, left: 0 })
      const since = before && before.left > 0 ? { alsoSinceTheLastLine: before.left } : {}
      logger.warn({ ...others, code: error.code, reason: error.message, ...since }, message)
    },
  }
}
