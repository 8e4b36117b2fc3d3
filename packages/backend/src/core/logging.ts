import type { LogDetails, LogLevel, RequestOptions } from './options.js'

const LEVELS: LogLevel[] = ['off', 'error', 'info', 'debug']

/** Writes one line, if `logLevel` includes the level. Only the details may be logged: no header, query or body. */
export function log(
  { logger = console, logLevel = 'off' }: RequestOptions,
  level: Exclude<LogLevel, 'off'>,
  describe: () => LogDetails,
): void {
  if (LEVELS.indexOf(level) > LEVELS.indexOf(logLevel)) return
  const details = describe()
  const { method, path, status, duration, attempt, pause } = details
  const answer = status === undefined ? 'got no answer' : `answered ${status}`
  const next = pause === undefined ? '' : `; trying again in ${Math.round(pause)} ms`
  logger[level](`${method} ${path} ${answer} in ${Math.round(duration)} ms (attempt ${attempt})${next}`, details)
}
