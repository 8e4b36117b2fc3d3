import type { Logger } from '@latchkey/server'
import { destination, pino } from 'pino'
import type { LogLevel } from './serve-options.js'

/** JSON lines on standard error: standard output belongs to results. */
export function createLogger(level: LogLevel): Logger {
  return pino({ level, base: undefined }, destination({ dest: 2, sync: true }))
}
